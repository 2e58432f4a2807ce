// Lines in, answers out: "golang" by golang.org/x/mod/semver and go/version, "bitnami" by Bitnami.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	goversion "go/version"

	bitnami "github.com/bitnami/go-version/pkg/version"
	"golang.org/x/mod/semver"
)

func golang(a, b string) string {
	if goversion.IsValid(a) && goversion.IsValid(b) {
		return "<=>"[goversion.Compare(a, b)+1:][:1]
	}
	if !semver.IsValid(a) || !semver.IsValid(b) {
		return "!"
	}
	return "<=>"[semver.Compare(a, b)+1:][:1]
}

func bitnamiOrder(a, b string) string {
	x, err := bitnami.Parse(a)
	y, err2 := bitnami.Parse(b)
	if err != nil || err2 != nil {
		return "!"
	}
	return "<=>"[x.Compare(y)+1:][:1]
}

// The library panics on tildes before some wildcards: it has no answer then.
func bitnamiRange(a, b string) (said string) {
	defer func() {
		if recover() != nil {
			said = "?"
		}
	}()
	x, err := bitnami.Parse(a)
	c, err2 := bitnami.NewConstraints(b)
	if err != nil || err2 != nil {
		return "!"
	}
	if c.Check(x) {
		return "yes"
	}
	return "no"
}

func main() {
	answer := map[string]func(a, b string) string{"golang": golang, "bitnami": bitnamiOrder,
		"bitnami satisfies": bitnamiRange}[strings.Join(os.Args[1:], " ")]
	in, out := bufio.NewScanner(os.Stdin), bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for in.Scan() {
		a, b, _ := strings.Cut(in.Text(), "\t")
		fmt.Fprintln(out, answer(a, b))
	}
}
