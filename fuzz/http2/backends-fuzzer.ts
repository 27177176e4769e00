import { configFor } from '../../test/balancer/support/balance.ts'
import { readResponses } from '../../test/balancer/support/read-responses.ts'
import type { Batch, BatchResult, Finding, Fuzzer } from '../fuzzer.ts'
import { sendCase } from '../http1/send-case.ts'
import { backendScript, sealOfCase, targetOfCase } from './backend-script.ts'
import { firstValue, literalBlock } from './blocks.ts'
import { addressOfCase } from './dice.ts'
import { flag, frameBytes, frameOf, kind, preface, settingsFrame } from './frames.ts'
import { type LyingBackend, lyingBackend } from './lying-backend.ts'
import { sendClientCase } from './send-client-case.ts'

/** In seconds. */
const timeouts = { connect: 4, firstByte: 4, idle: 4, head: 4, keepAlive: 1, pool: 1, linger: 1 }

/** Enough that a broken session leaves others for the valid responses. */
const backendCount = 12

/** A client's view of the response to its request. */
interface Outcome {
  readonly status: number | undefined
  readonly seal: string | undefined
  /** The body of a response that ended cleanly; undefined: it did not. */
  readonly body: string | undefined
  readonly hung: boolean
  readonly violations: readonly string[]
}

/** HTTP/2 backends whose responses are malformed, in front of valid clients in HTTP/1.1 and HTTP/2. */
export async function http2BackendsFuzzer(): Promise<Fuzzer> {
  const backends = await Promise.all(Array.from({ length: backendCount }, lyingBackend))
  return {
    config: {
      ...configFor([], { workers: 2, timeouts }),
      backends: backends.map(({ port }) => ({ url: `h2c://127.0.0.1:${port}`, weight: 1 })),
      health: { passive: { failures: 0 } },
    },
    play: (batch) => play(backends, batch),
    async [Symbol.asyncDispose]() {
      for (const backend of backends) await backend[Symbol.asyncDispose]()
    },
  }
}

async function play(backends: readonly LyingBackend[], batch: Batch): Promise<BatchResult> {
  const { seed, numbers } = batch
  for (const backend of backends) backend.seed = seed
  const outcomes = await Promise.all(
    numbers.map((number) =>
      number % 2 === 0 ? overHttp1(number, batch) : overHttp2(number, batch),
    ),
  )
  const findings: Finding[] = backends.flatMap(({ faults }) =>
    faults.splice(0).map((fault) => ({ fault: `to a backend: ${fault}` })),
  )
  for (const [index, outcome] of outcomes.entries()) {
    const number = numbers[index] as number
    for (const fault of faultsOf(outcome, seed, number)) {
      findings.push({ number, description: descriptionOf(seed, number), fault })
    }
  }
  return {
    reached: backends.reduce((sum, backend) => sum + backend.takeRequests(), 0),
    statuses: outcomes.map(({ status }) => status ?? 0),
    hangs: outcomes.filter(({ hung }) => hung).length,
    findings,
  }
}

/** A response is of its request or of none, and what ends cleanly is what the backend sent. */
function faultsOf(outcome: Outcome, seed: number, number: number): string[] {
  const { status, seal, body, hung, violations } = outcome
  const faults = [...violations]
  if (hung) faults.push('hangs: the connection stayed open')
  const script = backendScript(seed, number, 1)
  const foreign = seal !== undefined && seal !== sealOfCase(number)
  if (foreign && script.applied.length === 0) faults.push('the response of another request')
  if (body === undefined || status !== 200 || script.applied.length > 0) return faults
  if (seal === undefined || body !== script.body) {
    faults.push(`${body.length} bytes instead of ${script.body.length}, and ends cleanly`)
  }
  return faults
}

async function overHttp1(number: number, { port, hangMs }: Batch): Promise<Outcome> {
  const body = number % 4 === 0 ? 'x'.repeat(number % 3000) : undefined
  const raw =
    body === undefined
      ? `GET ${targetOfCase(number)} HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n\r\n`
      : `POST ${targetOfCase(number)} HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  const one = {
    number,
    address: addressOfCase(number),
    raw,
    cuts: [],
    ending: 'wait' as const,
    applied: [],
  }
  const { text, fault, hung } = await sendCase(one, port, hangMs)
  const { responses, complete } = readResponses(text, { toHead: () => false, closed: !hung })
  const last = responses.at(-1)
  const clean = complete && fault === undefined && !hung
  return {
    status: last?.status,
    seal: last?.headers['x-seal'],
    body: clean ? last?.body : undefined,
    hung,
    violations: responses.length > 1 ? [`${responses.length} responses to one request`] : [],
  }
}

async function overHttp2(number: number, { port, hangMs }: Batch): Promise<Outcome> {
  const body = number % 4 === 1 ? Buffer.alloc(number % 3000, 'x') : undefined
  const head = literalBlock([
    [':method', body === undefined ? 'GET' : 'POST'],
    [':scheme', 'http'],
    [':authority', 'lb.test'],
    [':path', targetOfCase(number)],
  ])
  const flags = flag.endHeaders | (body === undefined ? flag.endStream : 0)
  const bytes = Buffer.concat([
    preface,
    frameBytes(settingsFrame([])),
    frameBytes(frameOf(kind.headers, flags, 1, head)),
    ...(body === undefined ? [] : [frameBytes(frameOf(kind.data, flag.endStream, 1, body))]),
  ])
  const one = {
    number,
    address: addressOfCase(number),
    bytes,
    cuts: [],
    ending: 'wait' as const,
    replenishes: true,
    applied: [],
    valid: true,
  }
  const { frames, hung } = await sendClientCase(one, port, hangMs)
  const stream = frames.streams.get(1)
  const fields = stream?.fields ?? []
  const clean = stream?.ending === 'end'
  return {
    status: Number(firstValue(fields, ':status') ?? 0),
    seal: firstValue(fields, 'x-seal'),
    body: clean ? Buffer.concat(stream.body).toString('latin1') : undefined,
    hung,
    violations: frames.violations,
  }
}

function descriptionOf(seed: number, number: number): string {
  const { applied, ending, frames } = backendScript(seed, number, 1)
  const list = frames.slice(0, 30).map(({ kind: type, flags, payload }) => {
    return `${type}/${flags.toString(16)}/${payload.length}`
  })
  return `${applied.join(', ') || 'unchanged'}; the connection ${ending}; frames (type/flags/length) ${list.join(' ')}`
}
