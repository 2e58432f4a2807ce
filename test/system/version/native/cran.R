# Lines A<TAB>B in, one of < = > ! out, by package_version.
rows <- strsplit(paste0(readLines(file("stdin")), "\t."), "\t", fixed = TRUE)
answer <- function(row) {
	x <- suppressWarnings(try(package_version(row[1]), silent = TRUE))
	y <- suppressWarnings(try(package_version(row[2]), silent = TRUE))
	if (inherits(x, "try-error") || inherits(y, "try-error"))
		return("!")
	if (x < y) "<" else if (x > y) ">" else "="
}
writeLines(vapply(rows, answer, ""))
