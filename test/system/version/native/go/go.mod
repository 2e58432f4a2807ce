module oracle

go 1.23

require (
	github.com/bitnami/go-version v0.0.0-20250505154626-452e8c5ee607
	golang.org/x/mod v0.24.0
)
