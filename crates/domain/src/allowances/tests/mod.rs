//! The rule tried from several sides: a second model, schedules of runs, scenes, and the raise of 2021.

mod invented;
mod model;
mod naive;
mod raise;
mod reasons;
mod scenes;
mod schedules;
mod what_if;
