use std::collections::HashSet;
use std::fs::File as SysFile;
use std::io::BufWriter;
use std::ops::Bound;
use std::path::PathBuf;
use std::sync::{Arc, RwLock, RwLockWriteGuard};

use crate::bplustree::tree::DiskBPlusTree;
use crate::compaction::{CompactionChoice, CompactionInput, CompactionStrategy};
use crate::error::{BackgroundErrorHandler, Result};
use crate::iter::{BoxedLSMIterator, CompactionIterator};
use crate::levels::{write_manifest_to_disk, LevelManifest, ManifestChangeSet};
use crate::lsm::{cleanup_vlog_and_index, CoreInner};
use crate::memtable::ImmutableMemtables;
use crate::snapshot::SnapshotTracker;
use crate::sstable::table::{Table, TableWriter};
use crate::vfs::{File, SteadyFile};
use crate::vlog::VLog;
use crate::{Comparator, LSMIterator, Options as LSMOptions};

/// RAII guard to ensure tables are unhidden if compaction fails
struct HiddenTablesGuard {
	level_manifest: Arc<RwLock<LevelManifest>>,
	table_ids: Vec<u64>,
	committed: bool,
}

impl HiddenTablesGuard {
	fn new(level_manifest: Arc<RwLock<LevelManifest>>, table_ids: &[u64]) -> Self {
		Self {
			level_manifest,
			table_ids: table_ids.to_vec(),
			committed: false,
		}
	}

	fn commit(&mut self) {
		self.committed = true;
	}
}

impl Drop for HiddenTablesGuard {
	fn drop(&mut self) {
		if !self.committed {
			if let Ok(mut levels) = self.level_manifest.write() {
				levels.unhide_tables(&self.table_ids);
			}
		}
	}
}

/// Compaction options
pub(crate) struct CompactionOptions {
	pub(crate) lopts: Arc<LSMOptions>,
	pub(crate) level_manifest: Arc<RwLock<LevelManifest>>,
	pub(crate) immutable_memtables: Arc<RwLock<ImmutableMemtables>>,
	pub(crate) vlog: Option<Arc<VLog>>,
	pub(crate) error_handler: Arc<BackgroundErrorHandler>,
	/// Snapshot tracker for snapshot-aware compaction.
	///
	/// During compaction, we query this to get the list of active snapshot
	/// sequence numbers. Versions visible to any active snapshot must be
	/// preserved (unless hidden by a newer version in the same visibility boundary).
	pub(crate) snapshot_tracker: SnapshotTracker,
	/// Versioned B+ tree index for cleanup after VLog GC
	pub(crate) versioned_index: Option<Arc<parking_lot::RwLock<DiskBPlusTree>>>,
}

impl CompactionOptions {
	pub(crate) fn from(tree: &CoreInner) -> Self {
		Self {
			lopts: Arc::clone(&tree.opts),
			level_manifest: Arc::clone(&tree.level_manifest),
			immutable_memtables: Arc::clone(&tree.immutable_memtables),
			vlog: tree.vlog.clone(),
			error_handler: Arc::clone(&tree.error_handler),
			snapshot_tracker: tree.snapshot_tracker.clone(),
			versioned_index: tree.versioned_index.clone(),
		}
	}
}

/// Handles the compaction state and operations
pub(crate) struct Compactor {
	pub(crate) options: CompactionOptions,
	pub(crate) strategy: Arc<dyn CompactionStrategy>,
}

impl Compactor {
	pub(crate) fn new(options: CompactionOptions, strategy: Arc<dyn CompactionStrategy>) -> Self {
		Self {
			options,
			strategy,
		}
	}

	pub(crate) fn compact(&self) -> Result<bool> {
		let levels_guard = self.options.level_manifest.write()?;
		let choice = self.strategy.pick_levels(&levels_guard)?;

		match choice {
			CompactionChoice::Merge(input) => {
				self.merge_tables(levels_guard, &input)?;
				Ok(input.source_level < input.target_level)
			}
			CompactionChoice::Skip => Ok(false),
		}
	}

	fn merge_tables(
		&self,
		mut levels: RwLockWriteGuard<'_, LevelManifest>,
		input: &CompactionInput,
	) -> Result<()> {
		// Hide tables that are being merged
		levels.hide_tables(&input.tables_to_merge);

		// Create guard to ensure tables are unhidden on error
		let mut guard = HiddenTablesGuard::new(
			Arc::clone(&self.options.level_manifest),
			&input.tables_to_merge,
		);

		let tables = levels.get_all_tables();
		let to_merge: Vec<_> =
			input.tables_to_merge.iter().filter_map(|&id| tables.get(&id).cloned()).collect();
		// Munshi change: what is in the target level already, and is not merged with itself.
		let in_target: HashSet<u64> = if input.source_level == input.target_level {
			HashSet::new()
		} else {
			let level = &levels.levels.get_levels()[input.target_level as usize];
			level.tables.iter().map(|table| table.id).collect()
		};

		drop(levels);

		// Munshi change: a table of the target level into which nothing falls stays as it is, and a table for which there
		// is nothing to merge with is moved. Upstream merges all tables between the first and the last key into one.
		let (to_merge, kept) = self.keep_apart(to_merge, &in_target)?;
		let merged = CompactionInput {
			tables_to_merge: to_merge.iter().map(|table| table.id).collect(),
			source_level: input.source_level,
			target_level: input.target_level,
		};
		let moved = input.source_level > 0
			&& input.source_level < input.target_level
			&& kept.is_empty()
			&& to_merge.iter().all(|table| !in_target.contains(&table.id));
		if moved {
			return self.update_manifest(&merged, to_merge, &mut guard);
		}

		// Keep tables alive while iterators borrow from them
		let iterators: Vec<BoxedLSMIterator<'_>> = to_merge
			.iter()
			.filter_map(|table| table.iter(None).ok())
			.map(|iter| Box::new(iter) as BoxedLSMIterator<'_>)
			.collect();

		// Write merged data. Guard will unhide tables on drop
		let mut written = Vec::new();
		let new_tables = self
			.write_merged_tables(&mut written, iterators, &kept, input)
			.and_then(|()| written.iter().map(|&id| self.open_table(id)).collect::<Result<Vec<_>>>());
		let new_tables = match new_tables {
			Ok(tables) => tables,
			Err(e) => {
				for id in written {
					let _ = std::fs::remove_file(self.get_table_path(id));
				}
				return Err(e);
			}
		};

		// Update manifest - this will commit the guard on success
		self.update_manifest(&merged, new_tables, &mut guard)?;

		self.cleanup_old_tables(&merged);

		Ok(())
	}

	/// Tells the tables that are to be merged from those of the target level that stay: in their order, large ones between
	/// whose first and last key no other table has one.
	///
	/// Small ones are always merged, so that the level does not fall to pieces.
	#[allow(clippy::type_complexity)]
	fn keep_apart(
		&self,
		tables: Vec<Arc<Table>>,
		in_target: &HashSet<u64>,
	) -> Result<(Vec<Arc<Table>>, Vec<Arc<Table>>)> {
		let sources: Vec<_> =
			tables.iter().filter(|table| !in_target.contains(&table.id)).cloned().collect();
		let (mut to_merge, mut kept) = (Vec::new(), Vec::new());
		for table in tables {
			let large = table.file_size >= self.table_bytes() / 4;
			if in_target.contains(&table.id) && large && !Self::falls_into(&table, &sources)? {
				kept.push(table);
			} else {
				to_merge.push(table);
			}
		}
		let comparator = &self.options.lopts.comparator;
		kept.sort_by(|one, other| comparator.compare(first_key(one), first_key(other)));
		Ok((to_merge, kept))
	}

	/// Whether a table of `sources` has a key between the first and the last of `table`.
	fn falls_into(table: &Table, sources: &[Arc<Table>]) -> Result<bool> {
		let (Some(first), Some(last)) = (&table.meta.smallest_point, &table.meta.largest_point) else {
			return Ok(true);
		};
		let range = crate::user_range_to_internal_range(
			Bound::Included(&first.user_key),
			Bound::Included(&last.user_key),
		);
		for source in sources.iter().filter(|source| source.overlaps_with_range(&range)) {
			if source.iter(Some(range.clone()))?.seek_first()? {
				return Ok(true);
			}
		}
		Ok(false)
	}

	/// Size at which a table ends and the next begins: that of a memtable.
	fn table_bytes(&self) -> u64 {
		self.options.lopts.max_memtable_size as u64
	}

	/// Munshi change: writes several tables, none of which reaches over one of `kept`; their ids are added to `written`.
	fn write_merged_tables(
		&self,
		written: &mut Vec<u64>,
		merge_iter: Vec<BoxedLSMIterator<'_>>,
		kept: &[Arc<Table>],
		input: &CompactionInput,
	) -> Result<()> {
		// Get active snapshots for snapshot-aware compaction
		// This is a snapshot of the snapshot list at the start of compaction.
		// Any snapshots created during compaction will be handled by the next compaction.
		let snapshots = self.options.snapshot_tracker.get_all_snapshots();

		// Create a compaction iterator that filters tombstones and respects snapshots
		let max_level = self.options.lopts.level_count - 1;
		let is_bottom_level = input.target_level >= max_level;
		let mut comp_iter = CompactionIterator::new(
			merge_iter,
			Arc::clone(&self.options.lopts.internal_comparator) as Arc<dyn Comparator>,
			is_bottom_level,
			self.options.lopts.enable_versioning,
			self.options.lopts.versioned_history_retention_ns,
			Arc::clone(&self.options.lopts.clock),
			snapshots,
		);

		let comparator = &self.options.lopts.comparator;
		let mut kept = kept.iter().peekable();
		let mut writer: Option<TableWriter<BufWriter<SteadyFile>>> = None;
		// The last user key of a table that is full: all versions of a key are in one table.
		let mut ends_with: Option<Vec<u8>> = None;
		for item in &mut comp_iter {
			let (key, value) = item?;
			let full = ends_with.as_ref().is_some_and(|last| *last != key.user_key);
			let mut passed = false;
			while kept
				.next_if(|table| comparator.compare(first_key(table), &key.user_key).is_lt())
				.is_some()
			{
				passed = true;
			}
			if full || passed {
				ends_with = None;
				if let Some(writer) = writer.take() {
					writer.finish()?;
				}
			}
			let table = match &mut writer {
				Some(table) => table,
				None => {
					let id = self.options.level_manifest.read()?.next_table_id();
					let file = SteadyFile::create(&self.get_table_path(id))?;
					written.push(id);
					let opts = Arc::clone(&self.options.lopts);
					writer.insert(TableWriter::new(file, id, opts, input.target_level))
				}
			};
			if ends_with.is_none() && table.written() >= self.table_bytes() {
				ends_with = Some(key.user_key.clone());
			}
			table.add(key, &value)?;
		}
		if let Some(writer) = writer {
			writer.finish()?;
		}

		// Durability fix: the SST's data and its directory entry must be
		// durable BEFORE the manifest (fsynced in update_manifest) references
		// this table. Otherwise a power loss after the manifest commit leaves
		// a durable manifest pointing at a zero-byte table, with the merged
		// inputs already deleted (surrealdb/surrealdb#7426).
		for &id in written.iter() {
			crate::vfs::fsync_file(&self.get_table_path(id))?;
		}
		if !written.is_empty() {
			crate::lsm::fsync_directory(self.options.lopts.sstable_dir())?;
		}

		Ok(())
	}

	fn update_manifest(
		&self,
		input: &CompactionInput,
		new_tables: Vec<Arc<Table>>,
		guard: &mut HiddenTablesGuard,
	) -> Result<()> {
		let mut manifest = self.options.level_manifest.write()?;
		let _imm_guard = self.options.immutable_memtables.write();

		let mut changeset = ManifestChangeSet::default();

		// Delete old tables
		for (level_idx, level) in manifest.levels.get_levels().iter().enumerate() {
			for &table_id in &input.tables_to_merge {
				if level.tables.iter().any(|t| t.id == table_id) {
					changeset.deleted_tables.insert((level_idx as u8, table_id));
				}
			}
		}

		// Add new tables, or those that are moved
		changeset.new_tables.extend(new_tables.into_iter().map(|table| (input.target_level, table)));

		let rollback = manifest.apply_changeset(&changeset)?;

		// Write manifest to disk - if this fails, revert in-memory state
		if let Err(e) = write_manifest_to_disk(&manifest) {
			manifest.revert_changeset(rollback);
			self.options
				.error_handler
				.set_error(e.clone(), crate::error::BackgroundErrorReason::ManifestWrite);
			return Err(e);
		}

		// Unhide tables before committing guard (they'll be removed from manifest anyway)
		manifest.unhide_tables(&guard.table_ids);

		// Commit guard - tables are now properly handled in manifest
		guard.commit();

		// After successful manifest commit, cleanup obsolete vlog files and stale index entries
		let min_oldest_vlog = manifest.min_oldest_vlog_file_id();
		cleanup_vlog_and_index(
			&self.options.vlog,
			&self.options.versioned_index,
			min_oldest_vlog,
			"compaction",
		);

		Ok(())
	}

	fn get_table_path(&self, table_id: u64) -> PathBuf {
		self.options.lopts.sstable_file_path(table_id)
	}

	fn cleanup_old_tables(&self, input: &CompactionInput) {
		for &table_id in &input.tables_to_merge {
			let path = self.options.lopts.sstable_file_path(table_id);
			if let Err(e) = std::fs::remove_file(path) {
				// Log error but continue with cleanup
				log::warn!("Failed to remove old table file: {e}");
			}
		}
	}

	fn open_table(&self, table_id: u64) -> Result<Arc<Table>> {
		let file = SysFile::open(self.get_table_path(table_id))?;
		let file: Arc<dyn File> = Arc::new(file);
		let file_size = file.size()?;

		Ok(Arc::new(Table::new(table_id, Arc::clone(&self.options.lopts), file, file_size)?))
	}
}

/// The first key of a table that has keys; tables without are never kept apart.
fn first_key(table: &Table) -> &[u8] {
	table.meta.smallest_point.as_ref().map_or(&[], |key| key.user_key.as_slice())
}
