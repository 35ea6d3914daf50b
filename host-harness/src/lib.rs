//! Loads identity connector components into a sandbox and calls them.
