/* What someone may have meant by a word that is none of ours. */
#pragma once

#include "base/str.h"

/* Keeps the best of the candidates it is shown. */
struct nearest {
	str wanted;
	str best; /* empty when nothing was near enough */
	size_t distance;
};

struct nearest nearest_to(str wanted);
void nearest_see(struct nearest *n, str candidate);
