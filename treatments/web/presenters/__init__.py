"""From records to what a page shows: pure functions, no queries of their own, no HTTP."""
