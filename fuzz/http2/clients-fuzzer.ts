import { configFor } from '../../test/balancer/support/balance.ts'
import type { Batch, BatchResult, Finding, Fuzzer } from '../fuzzer.ts'
import { printableBytes } from '../printable-bytes.ts'
import { firstValue } from './blocks.ts'
import { checkClientCase } from './check-client-case.ts'
import { type ClientCase, clientCase } from './client-case.ts'
import { type FuzzBackends, fuzzBackends } from './fuzz-backends.ts'
import { type ClientView, sendClientCase } from './send-client-case.ts'

/** Short, so that unfinished requests end soon. In seconds. */
const timeouts = { idle: 4, head: 4, keepAlive: 1, pool: 1, linger: 1 }

/** HTTP/2 clients, valid and malformed, in front of a backend that speaks HTTP/1.1 and one that speaks HTTP/2. */
export async function http2ClientsFuzzer(): Promise<Fuzzer> {
  const backends = await fuzzBackends()
  return {
    config: {
      ...configFor([], { workers: 2, timeouts }),
      backends: backends.urls.map((url) => ({ url, weight: 1 })),
      // Some responses are cut on purpose.
      health: { passive: { failures: 0 } },
    },
    play: (batch) => play(backends, batch),
    [Symbol.asyncDispose]: () => backends[Symbol.asyncDispose](),
  }
}

async function play(
  backends: FuzzBackends,
  { seed, numbers, port, hangMs }: Batch,
): Promise<BatchResult> {
  backends.forget()
  const cases = numbers.map((number) => clientCase(seed, number))
  const seen = await Promise.all(cases.map((one) => sendClientCase(one, port, hangMs)))
  const findings: Finding[] = backends.faults.map((fault) => ({
    fault: `a backend cannot read what it got: ${fault}`,
  }))
  const addresses = new Set(cases.map(({ address }) => address))
  for (const { address, target } of backends.reached) {
    if (target !== '/probe' && !addresses.has(address))
      findings.push({ fault: `smuggled, from no client: ${target} of ${address}` })
  }
  const statuses: number[] = []
  for (const [index, one] of cases.entries()) {
    const view = seen[index] as ClientView
    const reached = backends.reached.filter(({ address }) => address === one.address)
    for (const fault of checkClientCase({ one, seen: view, reached })) {
      findings.push({ number: one.number, description: descriptionOf(one), fault })
    }
    statuses.push(...statusesOf(view))
  }
  return {
    reached: backends.reached.filter(({ complete }) => complete).length,
    statuses,
    hangs: seen.filter(({ hung }) => hung).length,
    findings,
  }
}

function statusesOf({ frames }: ClientView): number[] {
  const statuses = [...frames.streams.values()].map(({ fields }) =>
    Number((fields && firstValue(fields, ':status')) ?? 0),
  )
  return statuses.length === 0 ? [0] : statuses
}

function descriptionOf({ bytes, cuts, ending, applied }: ClientCase): string {
  return (
    `${applied.join(', ')}; in pieces at ${cuts.length > 20 ? 'every byte' : `[${cuts.join(', ')}]`}; ` +
    `then ${ending}\n  ${printableBytes(bytes.toString('latin1'))}`
  )
}
