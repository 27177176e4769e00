import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runStreams } from './http2-streams/run-streams.ts'

/*
 * npm run bench:http2-streams [-- --streams 1000000]: streams of HTTP/2 clients in front of a backend in HTTP/1.1 and one in
 * HTTP/2: one in four is reset with its body, one before its response, one has a response before its end; each connection
 * ends within unfinished trailers. Prints the memory of the balancer after each tenth; exits with code 1 if it grows.
 */

const { values } = parseArgs({ options: { streams: { type: 'string', default: '1000000' } } })
const mebibyte = 2 ** 20
/** Growth from the first tenth to the end that counts as none: garbage that is not yet collected. */
const allowedGrowth = 48 * mebibyte

const scratch = mkdtempSync(join(tmpdir(), 'lb-streams-'))
const result = await runStreams({
  streams: Number(values.streams),
  file: fileURLToPath(new URL('../dist/src/balancer/main.js', import.meta.url)),
  log: join(scratch, 'balancer.log'),
  onTenth: (streams, bytes) =>
    process.stderr.write(`${streams} streams: ${(bytes / mebibyte).toFixed(0)} MiB\n`),
})
rmSync(scratch, { recursive: true })
const [first = 0] = result.resident
const last = result.resident.at(-1) ?? 0
process.stdout.write(
  `${result.streams} streams in ${result.seconds.toFixed(0)} s: memory ${(first / mebibyte).toFixed(0)} MiB after a tenth, ` +
    `${(last / mebibyte).toFixed(0)} MiB at the end; in flight ${result.inFlight.join(', ')}; ` +
    `printed ${JSON.stringify(result.printed)}\n`,
)
const fails = result.printed !== '' || result.inFlight.some((n) => n > 0)
if (fails || last - first > allowedGrowth) process.exitCode = 1
