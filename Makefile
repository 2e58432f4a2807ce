# The front door; the build itself is meson's. `make help` lists the rooms.
# No recipe needs root, save that tools/setup asks for it when a package is missing.
MAKEFLAGS += --no-print-directory
BUILD ?= build
PREFIX ?= /usr/local
DESTDIR ?=
TESTFLAGS ?=
FUZZ_SECONDS ?= 60
FUZZ_RUNS ?=
SANITIZE_ENV = ASAN_OPTIONS=detect_leaks=1:abort_on_error=1 UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
TSAN_ENV = TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1

.PHONY: all setup demo test check-long asan tsan clang fuzz bench install format check-format clean help
.NOTPARALLEL:

all: setup
	@tools/configure $(BUILD)
	@ninja -C $(BUILD)

setup:
	@tools/setup

demo: all
	@demo/run $(BUILD)

# Without the test tools the tests that need them say so and are skipped.
test:
	@tools/setup --test || tools/setup
	@tools/configure $(BUILD)
	@ninja -C $(BUILD)
	@tools/test-run $(BUILD) $(TESTFLAGS)

check-long: all
	@tools/test-run $(BUILD) --suite long --suite system --timeout-multiplier 4 $(TESTFLAGS)

asan: setup
	@tools/configure $(BUILD)-asan -Db_sanitize=address,undefined -Db_lundef=false
	@ninja -C $(BUILD)-asan
	@$(SANITIZE_ENV) tools/test-run $(BUILD)-asan --timeout-multiplier 4 $(TESTFLAGS)

tsan: setup
	@tools/configure $(BUILD)-tsan -Db_sanitize=thread -Db_lundef=false
	@ninja -C $(BUILD)-tsan
	@$(TSAN_ENV) setarch -R tools/test-run $(BUILD)-tsan --suite unit --suite cli --timeout-multiplier 4 $(TESTFLAGS)

clang: setup
	@CC=clang-14 tools/configure $(BUILD)-clang
	@ninja -C $(BUILD)-clang

fuzz: setup
	@CC=clang-14 tools/configure $(BUILD)-fuzz -Dfuzz=true -Db_sanitize=address,undefined -Db_lundef=false
	@ninja -C $(BUILD)-fuzz
	@FUZZ_SECONDS=$(FUZZ_SECONDS) FUZZ_RUNS=$(FUZZ_RUNS) tools/test-run $(BUILD)-fuzz --suite fuzz --timeout-multiplier 0

bench: all
	@bench/run $(BUILD)

install: all
	@meson configure $(BUILD) -Dprefix=$(PREFIX)
	@DESTDIR=$(DESTDIR) meson install -C $(BUILD)

format:
	@tools/format

check-format:
	@tools/format --check

clean:
	rm -rf $(BUILD) $(BUILD)-asan $(BUILD)-tsan $(BUILD)-clang $(BUILD)-fuzz

help:
	@echo 'make              build everything into $(BUILD)/'
	@echo 'make demo         build, fetch advisory data, scan a small image, say what to try next'
	@echo 'make test         unit, command-line, corpus and house tests'
	@echo 'make check-long   oracles, hostile material and whatever else takes minutes'
	@echo 'make asan         the tests under AddressSanitizer and UndefinedBehaviorSanitizer'
	@echo 'make tsan         the tests under ThreadSanitizer'
	@echo 'make clang        a build with clang-14 (gcc builds the others)'
	@echo 'make fuzz         every harness under libFuzzer, FUZZ_SECONDS=$(FUZZ_SECONDS) each, or FUZZ_RUNS= runs'
	@echo 'make bench        ratios, latencies, memory'
	@echo 'make install      DESTDIR= PREFIX=$(PREFIX)'
	@echo 'make format       clang-format over the sources; make check-format only looks'
	@echo 'make clean        removes the build folders'
