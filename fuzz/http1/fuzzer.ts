import { configFor } from '../../test/balancer/support/balance.ts'
import type { RecordingBackend } from '../../test/balancer/support/recording-backend.ts'
import type { Batch, BatchResult, Finding, Fuzzer } from '../fuzzer.ts'
import { printableBytes } from '../printable-bytes.ts'
import { checkCase, responsesIn } from './check-case.ts'
import { addressOf, fuzzBackend } from './fuzz-backend.ts'
import { type FuzzCase, fuzzCase } from './fuzz-case.ts'
import { readRequests } from './reference-reader.ts'
import { type ClientView, sendCase } from './send-case.ts'

/** Short, so that truncated requests end soon. In seconds. */
const timeouts = { idle: 0.4, head: 0.4, keepAlive: 0.4, pool: 1, linger: 0.4 }

/** Malformed HTTP/1 requests, in front of a strict backend. */
export async function http1Fuzzer(): Promise<Fuzzer> {
  const backend = await fuzzBackend()
  return {
    config: configFor([backend.port], { workers: 2, timeouts }),
    play: (batch) => play(backend, batch),
    [Symbol.asyncDispose]: () => backend[Symbol.asyncDispose](),
  }
}

async function play(
  backend: RecordingBackend,
  { seed, numbers, port, hangMs }: Batch,
): Promise<BatchResult> {
  backend.forget()
  const cases = numbers.map((number) => fuzzCase(seed, number))
  const seen = await Promise.all(cases.map((one) => sendCase(one, port, hangMs)))
  const findings: Finding[] = backend.faults.map((fault) => ({
    fault: `the backend cannot read what it got: ${fault}`,
  }))
  const addresses = new Set(cases.map(({ address }) => address))
  for (const got of backend.begun) {
    if (got.target !== '/probe' && !addresses.has(addressOf(got)))
      findings.push({ fault: `smuggled, from no client: ${JSON.stringify(got)}` })
  }
  const statuses: number[] = []
  let reached = 0
  for (const [index, one] of cases.entries()) {
    const view = seen[index] as ClientView
    const begun = backend.begun.filter((got) => addressOf(got) === one.address)
    for (const fault of checkCase({ one, seen: view, begun })) {
      findings.push({ number: one.number, description: descriptionOf(one), fault })
    }
    statuses.push(...statusesOf(one, view))
    reached += begun.filter(({ complete }) => complete).length
  }
  return { reached, statuses, hangs: seen.filter(({ hung }) => hung).length, findings }
}

function statusesOf(one: FuzzCase, seen: ClientView): number[] {
  const { responses } = responsesIn(readRequests(one.raw), seen)
  return responses.length === 0 ? [0] : responses.map(({ status }) => status)
}

function descriptionOf({ raw, cuts, ending, applied }: FuzzCase): string {
  return (
    `${applied.join(', ') || 'unchanged'}; in pieces at ` +
    `${cuts.length > 20 ? 'every byte' : `[${cuts.join(', ')}]`}; then ${ending}\n  ${printableBytes(raw)}`
  )
}
