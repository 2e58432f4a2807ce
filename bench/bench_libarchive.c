#include "bench_libarchive.h"

#include <archive.h>
#include <archive_entry.h>

bool walk_libarchive(const char *bytes, size_t n, uint64_t *entries)
{
	struct archive *a = archive_read_new();
	struct archive_entry *entry;

	if (!a)
		return false;
	archive_read_support_format_tar(a);
	if (archive_read_open_memory(a, bytes, n) == ARCHIVE_OK)
		while (archive_read_next_header(a, &entry) == ARCHIVE_OK) {
			/* The path as bytes, as every reader of a layer needs it. */
			if (archive_entry_pathname(entry))
				++*entries;
			archive_read_data_skip(a);
		}
	archive_read_free(a);
	return true;
}
