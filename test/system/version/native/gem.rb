# Lines in, answers out, by Gem::Version and Gem::Requirement; argument "satisfies" for ranges.
require "rubygems"
ranges = ARGV.shift == "satisfies"
while (line = $stdin.gets)
  a, b = line.chomp("\n").split("\t", -1)
  begin
    x = Gem::Version.new(a)
    if ranges
      r = Gem::Requirement.new(*b.split(/\s*,\s*/, -1))
      puts r.satisfied_by?(x) ? "yes" : "no"
    else
      puts "<=>"[(x <=> Gem::Version.new(b)) + 1]
    end
  rescue ArgumentError
    puts "!"
  end
end
