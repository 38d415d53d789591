//! PostgreSQL's settings: those that must hold, and those an office may tune.

use std::path::Path;

/// Appended to `postgresql.conf` when the cluster is made; an office may change these.
pub(super) const TUNABLE: &str = "
# Set by hutong when this cluster was made; may be tuned.
shared_buffers = 128MB
work_mem = 8MB
maintenance_work_mem = 64MB
max_connections = 100
max_wal_size = 1GB
random_page_cost = 1.1
";

/// Given on the command line at every start, where neither a file nor ALTER SYSTEM can undo them.
///
/// No statement and no value reaches the log: a program's error goes back to the program, so the log keeps
/// what is at least a `LOG` message, in its terse form, whose primary message holds no data.
pub(super) fn binding(socket: &Path, log: &Path) -> Vec<String> {
    let fixed = [
        "listen_addresses=",
        "port=5432",
        "unix_socket_permissions=0700",
        "password_encryption=scram-sha-256",
        "fsync=on",
        "full_page_writes=on",
        "lc_messages=C",
        "timezone=UTC",
        "logging_collector=on",
        "log_destination=stderr",
        "log_filename=postgresql-%a.log",
        "log_file_mode=0600",
        "log_rotation_age=1d",
        "log_rotation_size=0",
        "log_truncate_on_rotation=on",
        "log_line_prefix=%m [%p] ",
        "log_timezone=Asia/Shanghai",
        "log_min_messages=log",
        "log_min_error_statement=panic",
        "log_error_verbosity=terse",
        "log_statement=none",
        "log_min_duration_statement=-1",
        "log_min_duration_sample=-1",
        "log_transaction_sample_rate=0",
        "log_lock_waits=off",
        "log_temp_files=-1",
        "log_parameter_max_length=0",
        "log_parameter_max_length_on_error=0",
        "debug_print_parse=off",
        "debug_print_rewritten=off",
        "debug_print_plan=off",
    ];
    let folders = [
        format!("unix_socket_directories={}", quoted(socket)),
        format!("log_directory={}", log.display()),
    ];
    fixed
        .into_iter()
        .map(str::to_owned)
        .chain(folders)
        .flat_map(|setting| ["-c".to_owned(), setting])
        .collect()
}

/// `unix_socket_directories` is a list of quoted names: a comma in a path must not part it.
fn quoted(path: &Path) -> String {
    format!("\"{}\"", path.display().to_string().replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_a_comma_stays_one_folder() {
        let arguments = binding(Path::new("/a,b"), Path::new("/log"));
        assert!(arguments.contains(&"unix_socket_directories=\"/a,b\"".to_owned()));
        assert!(arguments.contains(&"listen_addresses=".to_owned()));
    }
}
