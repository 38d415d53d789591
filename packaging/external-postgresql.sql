-- 外部 PostgreSQL：以超级用户身份用 psql 执行一次，建立护童的三个角色和数据库（见 docs/operations.md）。
-- Roles and database of Hutong on an external PostgreSQL 15 to 18; psql needs the variables `app`, `owner` and `public`, the three passwords.

\set ON_ERROR_STOP on
SET password_encryption = 'scram-sha-256';

-- No role passes a policy, and the program's own owns nothing.
CREATE ROLE hutong_owner LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION INHERIT PASSWORD :'owner';
CREATE ROLE hutong_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT PASSWORD :'app';
-- The public pages': it has no table at all, only functions granted by name.
CREATE ROLE hutong_public LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT PASSWORD :'public';
-- A rehearsal of a change begins as the owner and goes on under the program's policies.
GRANT hutong_app TO hutong_owner;
CREATE DATABASE hutong OWNER hutong_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C';
REVOKE ALL ON DATABASE hutong FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE hutong TO hutong_app;
GRANT CONNECT ON DATABASE hutong TO hutong_public;
