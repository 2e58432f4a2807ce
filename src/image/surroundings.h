/* What the process knows of its user and machine, handed in by the program: libraries do not read
 * the environment. All of it may be empty. */
#pragma once

#include "base/vec.h"
#include "model/package.h"

struct surroundings {
	bool root;
	str home;		 /* HOME */
	str config_home;	 /* XDG_CONFIG_HOME */
	str data_home;		 /* XDG_DATA_HOME */
	str runtime_dir;	 /* XDG_RUNTIME_DIR */
	str auth_file;		 /* REGISTRY_AUTH_FILE */
	str docker_config;	 /* DOCKER_CONFIG: a directory */
	str docker_host;	 /* DOCKER_HOST */
	str path;		 /* PATH, where credential helpers are */
	const char *const *envp; /* theirs; NULL: an empty environment */

	str user, password;	  /* given by the user, for the registry that the source names */
	struct str_list insecure; /* HOST[:PORT] that are spoken to without TLS */
	struct str_list mirrors;  /* HOST=MIRROR[:PORT]: asked before HOST */
	struct str_list certs;	  /* directories with HOST[:PORT]/ca.crt; before the usual ones */
};

/* $XDG_CONFIG_HOME or ~/.config with what is under it; *out is empty when neither is known. */
int surroundings_config(str *out, const struct surroundings *s, const char *name, struct arena *a,
			struct err *e) MUST_CHECK;
/* The same for $XDG_DATA_HOME or ~/.local/share. */
int surroundings_data(str *out, const struct surroundings *s, const char *name, struct arena *a,
		      struct err *e) MUST_CHECK;
