# Lines A<TAB>B in, one of < = > ! out, by Dpkg::Version; the driver asks dpkg itself as well.
use strict; use warnings; use Dpkg::Version;
while (my $line = <STDIN>) {
	chomp $line;
	my ($x, $y) = split /\t/, $line, -1;
	my ($p, $q) = map { my $v = Dpkg::Version->new($_); $v } ($x, $y);
	if (!$p->is_valid || !$q->is_valid) { print "!\n"; next; }
	print qw(< = >)[($p <=> $q) + 1], "\n";
}
