//! Where things are, and how much is measured.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

/// How much is measured.
pub(crate) struct Sizes {
    /// Users of the imports that are timed.
    pub(crate) timed: usize,
    /// Users of the import whose calls are counted; half of them have a phone.
    pub(crate) counted: usize,
    /// Users of the import under a rate limit.
    pub(crate) limited: usize,
    /// Users of the import of many requests: about one each.
    pub(crate) many: usize,
    /// Starts of the host.
    pub(crate) starts: usize,
    /// Users of the imports whose memory is measured, smallest first.
    pub(crate) remembered: [usize; 3],
    /// Users of the imports of guest and native code, and how often each is made.
    pub(crate) computed: usize,
    pub(crate) rounds: usize,
}

impl Sizes {
    pub(crate) const FULL: Self = Self {
        timed: 2_000,
        counted: 10_000,
        limited: 4_000,
        many: 20_000,
        starts: 20,
        remembered: [5_000, 10_000, 50_000],
        computed: 1_000,
        rounds: 21,
    };

    pub(crate) const QUICK: Self = Self {
        timed: 200,
        counted: 1_000,
        limited: 800,
        many: 2_000,
        starts: 10,
        remembered: [500, 1_000, 5_000],
        computed: 300,
        rounds: 5,
    };
}

/// The workspace that was built, and a directory for what is of no use afterwards.
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    pub(crate) scratch: PathBuf,
    pub(crate) sizes: Sizes,
}

impl Workspace {
    pub(crate) fn new(sizes: Sizes) -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the crate stands below the workspace")?;
        let scratch = root.join("target/tmp/bench");
        if scratch.exists() {
            fs::remove_dir_all(&scratch)?;
        }
        fs::create_dir_all(&scratch)?;
        let workspace = Self { root: root.to_owned(), scratch, sizes };
        for built in [workspace.harness(), workspace.component()] {
            ensure!(built.exists(), "{} is missing: run cargo xtask bench", built.display());
        }
        Ok(workspace)
    }

    /// The host.
    pub(crate) fn harness(&self) -> PathBuf {
        self.root.join("target/release/harness")
    }

    /// The component.
    pub(crate) fn component(&self) -> PathBuf {
        self.root.join("target/components/zoom_connector.wasm")
    }
}
