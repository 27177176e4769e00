import { http1Backend } from './http1-backend.ts'
import { http2Backend } from './http2-backend.ts'

/** A request that reached a backend. */
export interface Reached {
  readonly address: string
  readonly method: string
  readonly target: string
  /** The body as far as it came, in latin-1. */
  body: string
  complete: boolean
}

/** Two backends whose responses identify their requests: one speaks HTTP/1.1, the other HTTP/2. */
export interface FuzzBackends extends AsyncDisposable {
  readonly urls: readonly string[]
  readonly reached: Reached[]
  /** Input that a backend could not read. */
  readonly faults: string[]
  /** Empties the records. */
  forget(): void
}

/** Starts both backends. */
export async function fuzzBackends(): Promise<FuzzBackends> {
  const records = { reached: [] as Reached[], faults: [] as string[] }
  const first = await http1Backend(records)
  const second = await http2Backend(records)
  return {
    ...records,
    urls: [`http://127.0.0.1:${first.port}`, `h2c://127.0.0.1:${second.port}`],
    forget() {
      records.reached.length = 0
      records.faults.length = 0
    },
    async [Symbol.asyncDispose]() {
      await first[Symbol.asyncDispose]()
      await second[Symbol.asyncDispose]()
    },
  }
}
