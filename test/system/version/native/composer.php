<?php
// Lines in, answers out, by composer/semver; argument "satisfies" for ranges.
require '/usr/share/php/Composer/Semver/autoload.php';
use Composer\Semver\{Comparator, Semver, VersionParser};
use Composer\Semver\Constraint\Constraint;
$parser = new VersionParser;
while (($line = fgets(STDIN)) !== false) {
	[$a, $b] = explode("\t", rtrim($line, "\n"), 2);
	try {
		$x = $parser->normalize($a);
		if (($argv[1] ?? '') === 'satisfies') {
			$c = $parser->parseConstraints($b);
			echo $c->matches(new Constraint('==', $x)) ? "yes\n" : "no\n";
			continue;
		}
		$y = $parser->normalize($b);
		$m = array_map(fn ($op) => Comparator::compare($x, $op, $y), ['<', '==', '>']);
		echo $m[0] ? "<\n" : ($m[1] ? "=\n" : ($m[2] ? ">\n" : "!\n"));
	} catch (\UnexpectedValueException $e) {
		echo "!\n";
	}
}
