// Lines in, answers out, by node-semver; argument "satisfies" for ranges.
const semver = require('semver')
const ranges = process.argv[2] === 'satisfies'
const out = []
for (const line of require('fs').readFileSync(0, 'utf8').split('\n').slice(0, -1)) {
  const [a, b] = line.split('\t')
  if (!semver.valid(a) || (ranges ? semver.validRange(b) === null : !semver.valid(b))) {
    out.push('!')
  } else if (ranges) {
    out.push(semver.satisfies(a, b) ? 'yes' : 'no')
  } else {
    out.push('<=>'[semver.compare(a, b) + 1])
  }
}
process.stdout.write(out.join('\n') + '\n')
