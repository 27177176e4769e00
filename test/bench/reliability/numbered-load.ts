import { Agent, type IncomingMessage, type RequestOptions, request } from 'node:http'

/** A request that had no good answer. */
export interface Lost {
  /** The number that was its target: `/17`. */
  readonly number: number
  readonly method: 'GET' | 'POST'
  /** The status, or the code of the error. */
  readonly why: string
}

/** Requests at a rate, whether or not answers come, each with a number of its own. */
export interface NumberedLoad {
  readonly sent: () => number
  readonly answered: () => number
  readonly inFlight: () => number
  /** Sends no more; gives what was lost once the last one is over. */
  stop(): Promise<readonly Lost[]>
}

/** Milliseconds after which a request has failed. */
const timeoutMs = 20_000
/** Every how many requests one is a POST. */
const postEvery = 5

/** Where the requests go, and how many. */
interface LoadOrder {
  readonly port: () => number
  /** Requests a second. */
  readonly rate: number
  /** A connection was refused. The request is sent again, to the port that there is then: nobody had accepted it. */
  refused?(): void
}

/** Starts the load at once. */
export function numberedLoad({ port, rate, refused }: LoadOrder): NumberedLoad {
  const agent = new Agent({ keepAlive: true, maxSockets: 500 })
  const lost: Lost[] = []
  const flying = new Set<Promise<void>>()
  let [sent, answered] = [0, 0]

  async function send(number: number): Promise<void> {
    const method = number % postEvery === 0 ? 'POST' : 'GET'
    const order = { host: '127.0.0.1', path: `/${number}`, method, agent }
    let outcome = await outcomeOf({ ...order, port: port() })
    if (outcome === 'ECONNREFUSED' && refused !== undefined) {
      refused()
      outcome = await outcomeOf({ ...order, port: port() })
    }
    if (outcome === '200') answered++
    else lost.push({ number, method, why: outcome })
  }

  const startedMs = performance.now()
  const pacing = setInterval(() => {
    const due = ((performance.now() - startedMs) / 1000) * rate
    while (sent < due) {
      const one = send(sent++).finally(() => flying.delete(one))
      flying.add(one)
    }
  }, 4)

  return {
    sent: () => sent,
    answered: () => answered,
    inFlight: () => flying.size,
    async stop() {
      clearInterval(pacing)
      await Promise.all(flying)
      agent.destroy()
      return lost
    },
  }
}

/** Its status once the answer is complete, or the code of what went wrong. */
function outcomeOf(order: RequestOptions): Promise<string> {
  return new Promise((resolve) => {
    const asked = request({ ...order, timeout: timeoutMs })
    asked.on('timeout', () => asked.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' })))
    asked.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    asked.on('response', (answer: IncomingMessage) => {
      answer.resume()
      answer.on('end', () => resolve(String(answer.statusCode)))
      answer.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    })
    asked.end(order.method === 'POST' ? 'a body' : undefined)
  })
}

/** How requests were lost, each with its count. */
export function whysOf(lost: readonly Lost[]): Record<string, number> {
  const whys: Record<string, number> = {}
  for (const { why } of lost) whys[why] = (whys[why] ?? 0) + 1
  return whys
}
