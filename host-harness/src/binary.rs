//! What a file says about itself before anything of it is compiled.
//!
//! Reading comes first because it is cheap and cannot run anything: a wrong file is refused with a
//! sentence that says what it is instead.

use semver::{Version, VersionReq};
use serde::{Deserialize, Serialize};
use wasmparser::{Encoding, Parser, Payload};

use crate::error::LoadError;
use crate::model::HostNeed;

/// The interface that makes a component a connector, without its version.
const CONTRACT_INTERFACE: &str = "iam:connector/provisioning";

/// The version of the contract that this host calls: that of `wit/`.
pub const CONTRACT_VERSION: &str = "0.1.0";

/// The custom section in which a component repeats what a host wants to know before it runs anything.
const SECTION: &str = "iam:connector";

/// What a component's binary says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Binary {
    /// The interfaces that it imports.
    pub imports: Vec<String>,
    /// The interfaces that it exports.
    pub exports: Vec<String>,
    /// The content of its custom section `iam:connector`, where it has one.
    pub declaration: Option<Declaration>,
}

/// The custom section `iam:connector`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declaration {
    /// The version of the contract that the component was built for.
    pub contract: String,
    /// The hosts that it must reach: those of its manifest.
    pub hosts: Vec<HostNeed>,
}

impl Binary {
    /// Reads a file that is to be a connector.
    ///
    /// Errors: every [`LoadError`] but `Read` and `Link`.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, LoadError> {
        let mut binary = Self { imports: Vec::new(), exports: Vec::new(), declaration: None };
        // Modules and components inside of this one have sections and an end of their own.
        let mut depth = 0_usize;
        for payload in Parser::new(0).parse_all(bytes) {
            match payload.map_err(not_wasm)? {
                Payload::Version { encoding: Encoding::Module, .. } if depth == 0 => return Err(LoadError::CoreModule),
                Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
                Payload::End(_) => depth = depth.saturating_sub(1),
                payload if depth == 0 => binary.take(payload)?,
                _ => {}
            }
        }
        binary.check()?;
        Ok(binary)
    }

    fn take(&mut self, payload: Payload<'_>) -> Result<(), LoadError> {
        match payload {
            Payload::ComponentImportSection(section) => {
                for import in section {
                    self.imports.push(import.map_err(not_wasm)?.name.name.to_owned());
                }
            }
            Payload::ComponentExportSection(section) => {
                for export in section {
                    self.exports.push(export.map_err(not_wasm)?.name.name.to_owned());
                }
            }
            Payload::CustomSection(section) if section.name() == SECTION => {
                let declaration = serde_json::from_slice(section.data())
                    .map_err(|error| LoadError::Contradiction(format!("section {SECTION} cannot be read: {error}")))?;
                self.declaration = Some(declaration);
            }
            _ => {}
        }
        Ok(())
    }

    fn check(&self) -> Result<(), LoadError> {
        let versions: Vec<_> = self
            .exports
            .iter()
            .filter_map(|export| match export.split_once('@') {
                Some((CONTRACT_INTERFACE, version)) => Some(version),
                _ => None,
            })
            .collect();
        let Some(&version) = versions.first() else {
            return Err(LoadError::NotAConnector(format!("{CONTRACT_INTERFACE}@{CONTRACT_VERSION}")));
        };
        if !versions.iter().any(|version| compatible(version)) {
            return Err(LoadError::ContractVersion { found: version.into(), spoken: CONTRACT_VERSION.into() });
        }
        match &self.declaration {
            Some(declaration) if !compatible(&declaration.contract) => {
                Err(LoadError::ContractVersion { found: declaration.contract.clone(), spoken: CONTRACT_VERSION.into() })
            }
            _ => Ok(()),
        }
    }
}

/// Versions below 1.0.0 are compatible where major and minor agree (semver.org), as in wasmtime's linker.
fn compatible(version: &str) -> bool {
    let spoken = VersionReq::parse(CONTRACT_VERSION);
    spoken.is_ok_and(|spoken| Version::parse(version).is_ok_and(|version| spoken.matches(&version)))
}

#[expect(clippy::needless_pass_by_value, reason = "a function for map_err")]
fn not_wasm(error: wasmparser::BinaryReaderError) -> LoadError {
    LoadError::NotWasm(error.message().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_no_webassembly() {
        assert!(matches!(Binary::read(b"hello"), Err(LoadError::NotWasm(_))));
        assert!(matches!(Binary::read(b""), Err(LoadError::NotWasm(_))));
    }

    #[test]
    fn a_core_module_is_named_as_such() {
        assert!(matches!(Binary::read(b"\0asm\x01\0\0\0"), Err(LoadError::CoreModule)));
    }

    #[test]
    fn an_empty_component_is_no_connector() {
        assert!(matches!(Binary::read(b"\0asm\x0d\0\x01\0"), Err(LoadError::NotAConnector(_))));
    }

    #[test]
    fn versions_agree_up_to_the_patch_level() {
        assert!(compatible("0.1.0") && compatible("0.1.7"));
        assert!(!compatible("0.2.0") && !compatible("1.1.0") && !compatible("nonsense"));
    }
}
