"""Getting data in and keeping it: schema, import, snapshots, marts, engines, sample."""
