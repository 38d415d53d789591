//! `hutong config`: what holds and where it comes from, and what is unknown or unsafe about it.

use kernel::explain::{Explain, Lang};
use serde_json::json;

use crate::configuration::{
    Layers, Source, Sources, masked, template, unprintable, unsafe_settings,
};
use crate::outcome::{Outcome, Verdict};
use crate::output::say;

/// Arguments of `config`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    deed: Deed,
}

#[derive(Debug, clap::Subcommand)]
enum Deed {
    /// Name every setting that is unknown, senseless or unsafe.
    Check(Asked),
    /// Print every setting with where it comes from; passwords are not shown.
    Show(Asked),
    /// Print a file with every setting explained and none made, to begin from.
    Template,
}

#[derive(Debug, clap::Args)]
struct Asked {
    #[command(flatten)]
    sources: Sources,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Checks or shows the configuration.
pub(crate) fn run(args: &Args, lang: Lang) -> Verdict {
    match &args.deed {
        Deed::Check(asked) => check(asked, lang),
        Deed::Show(asked) => show(asked, lang),
        Deed::Template => {
            say(template(lang, &[]).trim_end())?;
            Ok(Outcome::Done)
        }
    }
}

fn check(asked: &Asked, lang: Lang) -> Verdict {
    let place = asked.sources.place()?;
    let layers = Layers::gather(&asked.sources, &place)?;
    let findings = match layers.judge() {
        Ok(configuration) => {
            let mut findings = unsafe_settings(&configuration, &layers, &place);
            findings.extend(unprintable(&configuration));
            findings
        }
        Err(findings) => findings.iter().cloned().collect(),
    };
    if asked.json {
        let list: Vec<_> = findings
            .iter()
            .map(|finding| json!({ "code": finding.code(), "message": finding.explain(lang) }))
            .collect();
        say(&json!({ "file": layers.file, "findings": list }).to_string())?;
    } else {
        for finding in &findings {
            say(&format!("[{}] {}", finding.code(), finding.explain(lang)))?;
        }
        if findings.is_empty() {
            say(match lang {
                Lang::Zh => "配置无误。",
                Lang::En => "Nothing is wrong with the configuration.",
            })?;
        }
    }
    Ok(if findings.is_empty() {
        Outcome::Done
    } else {
        Outcome::Findings
    })
}

fn show(asked: &Asked, lang: Lang) -> Verdict {
    let place = asked.sources.place()?;
    let layers = Layers::gather(&asked.sources, &place)?;
    if asked.json {
        let settings: Vec<_> = layers
            .held
            .iter()
            .map(|held| {
                json!({
                    "name": held.setting.name, "value": held.text, "source": held.source.code(),
                    "variable": held.setting.variable, "meaning": held.setting.meaning(lang),
                })
            })
            .collect();
        let databases: serde_json::Map<_, _> = masked()
            .into_iter()
            .map(|(variable, address)| (variable.to_owned(), address.into()))
            .collect();
        let report = json!({
            "data": place.data(), "file": layers.file, "file_exists": layers.file_exists,
            "settings": settings, "databases": databases,
        });
        say(&report.to_string())?;
        return Ok(Outcome::Done);
    }
    let file = layers.file.display();
    let there = match (layers.file_exists, lang) {
        (true, _) => "",
        (false, Lang::Zh) => "（没有这个文件）",
        (false, Lang::En) => " (there is none)",
    };
    match lang {
        Lang::Zh => say(&format!(
            "数据文件夹 {}\n配置文件 {file}{there}",
            place.data().display()
        ))?,
        Lang::En => say(&format!(
            "data folder {}\nfile {file}{there}",
            place.data().display()
        ))?,
    }
    for held in &layers.held {
        let text = if held.text.is_empty() {
            "-"
        } else {
            &held.text
        };
        say(&format!(
            "{} = {text}  [{}]",
            held.setting.name,
            source(held.source, lang)
        ))?;
    }
    for (variable, address) in masked() {
        say(&format!(
            "{variable} = {address}  [{}]",
            source(Source::Environment, lang)
        ))?;
    }
    Ok(Outcome::Done)
}

fn source(source: Source, lang: Lang) -> &'static str {
    match (source, lang) {
        (Source::Default, Lang::Zh) => "默认",
        (Source::File, Lang::Zh) => "文件",
        (Source::Environment, Lang::Zh) => "环境变量",
        (Source::CommandLine, Lang::Zh) => "命令行",
        (source, Lang::En) => source.code(),
    }
}
