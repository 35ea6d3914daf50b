//! Which files are components, and what is read from them.

use host_harness::{Component, Error, Kind, LoadError, Policy, Properties};

use crate::guests::{bytes, component, engine, file};

fn refusal(bytes: &[u8]) -> LoadError {
    match Component::from_bytes(engine(), bytes).unwrap_err() {
        Error::Load(error) => error,
        other => panic!("{other:?}"),
    }
}

/// A component with a custom section `iam:connector` at its end.
fn declaring(name: &str, declaration: &str) -> Vec<u8> {
    let section_name = b"iam:connector";
    let length = 1 + section_name.len() + declaration.len();
    let mut bytes = bytes(name);
    // Section 0, its length in two LEB128 bytes, the length of its name in one.
    bytes.extend([0, (length & 0x7f) as u8 | 0x80, (length >> 7) as u8, section_name.len() as u8]);
    bytes.extend(section_name);
    bytes.extend(declaration.as_bytes());
    bytes
}

#[tokio::test]
async fn a_component_is_known_by_its_binary_and_its_manifest() {
    let component = component("well-behaved");
    assert_eq!(component.digest().len(), 64);
    assert_eq!(component.size(), bytes("well-behaved").len());
    assert!(component.binary().exports.contains(&"iam:connector/provisioning@0.1.0".to_owned()));
    assert!(component.binary().imports.iter().any(|import| import.starts_with("wasi:cli/stderr@0.2.")));
    assert_eq!(component.binary().declaration, None);
    let manifest = component.describe().await.unwrap();
    assert_eq!((manifest.name.as_str(), manifest.contract_version.as_str()), ("guest", "0.1.0"));
}

#[test]
fn what_is_no_component_is_refused_before_it_is_compiled() {
    let whole = bytes("traps");
    assert!(matches!(refusal(&whole[..whole.len() / 2]), LoadError::NotWasm(_)));
    assert!(matches!(refusal(b"PK\x03\x04 not wasm"), LoadError::NotWasm(_)));
    assert!(matches!(refusal(b"\0asm\x01\0\0\0"), LoadError::CoreModule));
    assert!(matches!(refusal(b"\0asm\x0d\0\x01\0"), LoadError::NotAConnector(_)));
    let missing = Component::from_file(engine(), "no/such/file.wasm").unwrap_err();
    assert!(missing.to_string().contains("no/such/file.wasm"));
    assert_eq!((missing.kind(), missing.kind().exit_code()), (Kind::Load, 8));
}

#[test]
fn a_component_for_another_version_of_the_contract_is_refused() {
    let text = bytes("traps").iter().map(|&byte| char::from(byte)).collect::<String>();
    let other = text.replace("iam:connector/provisioning@0.1.0", "iam:connector/provisioning@0.2.0");
    let other: Vec<u8> = other.chars().map(|character| character as u8).collect();
    assert!(matches!(refusal(&other), LoadError::ContractVersion { found, .. } if found == "0.2.0"));
    let declared = declaring("traps", r#"{"contract":"0.3.0","hosts":[]}"#);
    assert!(matches!(refusal(&declared), LoadError::ContractVersion { found, .. } if found == "0.3.0"));
}

#[tokio::test]
async fn the_declared_hosts_must_be_those_of_the_manifest() {
    let honest = declaring("requests", r#"{"contract":"0.1.0","hosts":[{"from-property":"serviceUrl"}]}"#);
    let honest = Component::from_bytes(engine(), &honest).unwrap();
    assert_eq!(honest.binary().declaration.as_ref().unwrap().hosts.len(), 1);
    honest.describe().await.unwrap();

    let other = declaring("requests", r#"{"contract":"0.1.0","hosts":[{"fixed":"harmless.example"}]}"#);
    let other = Component::from_bytes(engine(), &other).unwrap();
    let error = other.open(&Properties::new(), Policy::default()).await.unwrap_err();
    assert!(matches!(error, Error::Load(LoadError::Contradiction(_))), "{error}");
}

#[test]
fn a_damaged_declaration_is_refused() {
    assert!(matches!(refusal(&declaring("traps", "{")), LoadError::Contradiction(_)));
}

#[test]
fn a_component_loads_from_the_cache_of_another_engine() {
    let directory = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("second-start");
    let _ = std::fs::remove_dir_all(&directory);
    let load = || {
        let engine = host_harness::Engine::new(host_harness::Cache::Directory(directory.clone())).unwrap();
        Component::from_file(&engine, file("traps")).unwrap();
        let files: Vec<_> = std::fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap()).collect();
        assert_eq!(files.len(), 1);
        files[0].metadata().unwrap().modified().unwrap()
    };
    assert_eq!(load(), load(), "the second start did not compile, so it wrote nothing");
}
