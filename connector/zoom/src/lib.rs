//! A connector for Zoom.
