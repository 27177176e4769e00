import { type Attempt, attempt, mayRepeat } from './attempt.ts'
import { stampedAgent } from './stamped-agent.ts'

/** A request whose first try had no good answer. */
export interface Failure extends Attempt {
  /** The number that was its target: `/17`. */
  readonly number: number
  readonly method: 'GET' | 'POST'
  /** How a second try ended; undefined where there was none, since its client may not repeat it by itself. */
  readonly again: string | undefined
}

/** Requests at a rate, whether or not answers come, each with a number of its own. */
export interface NumberedLoad {
  readonly sent: () => number
  readonly answered: () => number
  /** Sends no more; gives what failed once the last one is over. */
  stop(): Promise<readonly Failure[]>
}

/** Every how many requests one is a POST. */
const postEvery = 5

/** Where the requests go, and how many. */
interface LoadOptions {
  readonly port: () => number
  /** Requests a second. */
  readonly rate: number
  /** A connection was refused. The request is sent again, to the port that there is then: nobody had accepted it. */
  refused?(): void
}

/** Starts the load at once. */
export function numberedLoad({ port, rate, refused }: LoadOptions): NumberedLoad {
  const pool = stampedAgent({ keepAlive: true, maxSockets: 500 })
  const once = stampedAgent({ keepAlive: false })
  const failures: Failure[] = []
  const flying = new Set<Promise<void>>()
  let [sent, answered] = [0, 0]

  async function tried(order: { path: string; method: string }, agent = pool): Promise<Attempt> {
    const ended = await attempt(agent, { ...order, port: port() })
    if (ended.outcome !== 'ECONNREFUSED' || refused === undefined) return ended
    refused()
    return await attempt(agent, { ...order, port: port() })
  }

  async function send(number: number): Promise<void> {
    const method = number % postEvery === 0 ? 'POST' : 'GET'
    const order = { path: `/${number}`, method }
    const ended = await tried(order)
    let { outcome } = ended
    if (outcome !== '200') {
      const second = mayRepeat(method, ended) ? await tried(order, once) : undefined
      failures.push({ number, method, ...ended, again: second?.outcome })
      outcome = second?.outcome ?? outcome
    }
    if (outcome === '200') answered++
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
    async stop() {
      clearInterval(pacing)
      await Promise.all(flying)
      pool.agent.destroy()
      return failures
    },
  }
}
