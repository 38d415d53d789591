//! Use cases in an office with people in it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod applications;
mod applications_kept;
mod applications_scene;
mod applications_ways;
mod at_once;
mod bulk;
mod casework;
mod confiding;
mod departments;
mod desk;
mod doubts;
mod exchange;
mod exchange_refusals;
mod exchange_scene;
mod figures;
mod guardian;
mod jobs;
mod keeping_apart;
mod ledgers;
mod ledgers_in_turn;
mod letters;
mod merging;
mod month_facts;
mod month_kills;
mod month_raise;
mod month_scene;
mod month_schedules;
mod months;
mod national;
mod news;
mod organisation_appointments;
mod organisation_posts;
mod organisation_scene;
mod organisation_sign_in;
mod payment;
mod payment_joined;
mod payment_scene;
mod payment_schedules;
mod review;
mod rounds;
mod standards;
mod standards_scene;
