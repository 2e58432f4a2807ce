#include "format/rpmdb.h"

#include "base/limits.h"
#include "format/rpmdb_store.h"

static const struct rpmdb_store *const stores[] = { &rpmdb_sqlite, &rpmdb_ndb, &rpmdb_bdb };

int rpmdb_open(struct rpmdb **out, const struct blob *b, struct err *e)
{
	CLEANUP(rpmdb_freep)
	struct rpmdb *db = calloc(1, sizeof(*db));
	char head[128];
	str first;

	if (!db)
		return err_nomem(e);
	db->blob = *b;
	db->header = (struct buf)BUF(LIMIT_RPM_HEADER_BYTES);
	db->page = malloc(PAGE_MOST);
	if (!db->page)
		return err_nomem(e);
	if (blob_peek(&first, b, 0, head, sizeof(head), e) < 0)
		return -1;
	if (first.n == 0)
		return err_set(e, ERR_CORRUPT, "an empty file is no rpm database");
	for (size_t i = 0; i < COUNT(stores) && !db->store; i++)
		if (stores[i]->is(str_first(first, sizeof(head))))
			db->store = stores[i];
	if (!db->store)
		return err_set(e, ERR_CORRUPT, "neither SQLite nor NDB nor Berkeley DB's hash");
	if (db->store->open(db, e) < 0)
		return -1;
	*out = TAKE(db, NULL);
	return 0;
}

const char *rpmdb_kind(const struct rpmdb *db)
{
	return db->store->kind;
}

int rpmdb_next(str *header, struct rpmdb *db, struct err *e)
{
	int rc;

	if (db->ended)
		return 0;
	buf_clear(&db->header);
	rc = db->store->next(db, e);
	if (rc > 0) {
		db->found++;
		*header = buf_str(&db->header);
	}
	if (rc != 0)
		return rc;
	db->ended = true;
	return db->found > 0 ? 0 : db->store->empty(db, e);
}

void rpmdb_free(struct rpmdb *db)
{
	if (!db)
		return;
	buf_free(&db->header);
	free(db->page);
	free(db);
}

void rpmdb_freep(struct rpmdb **db)
{
	rpmdb_free(*db);
}
