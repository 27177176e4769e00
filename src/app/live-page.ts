import type { LoadObserver } from '../driver/fleet/drive-fleet.ts'
import { modulePath } from '../kit/module-path.ts'
import { startProcess } from '../lab/process.ts'
import type { LiveHead, LiveMessage } from '../live/live-message.ts'
import { liveMessages } from './live-messages.ts'

/** A page that follows a run, served by a process of its own. */
export interface LivePage extends AsyncDisposable {
  /** Its address, with the token that stops the run. */
  readonly url: string
  /** The rules of the run's gate, which are judged at its end. */
  readonly rules: readonly string[]
  /** Follows the loads of trials. */
  readonly observer: LoadObserver
  /** Seconds since it was opened: the time axis of its charts. */
  seconds(): number
  /** Sends what is new. Never waits, and does nothing once the process has ended: a view does not hold the run. */
  post(message: LiveMessage): void
  /** Shows that the run has ended: the last head, with these changes. */
  end(changes: Partial<LiveHead> & Pick<LiveHead, 'message'>): Promise<void>
}

/** What a live page needs of its run. */
interface LivePageOptions {
  /** 0: the kernel chooses. */
  readonly port: number
  readonly rules: readonly string[]
  /** Seconds of one cell of its charts at first. */
  readonly cellSeconds: number
  /** A page asks to stop the run. */
  stop(): void
  /** The process of the page has ended before the run. */
  lost(reason: string): void
}

/** Milliseconds that the last message may take. */
const endMs = 1000

/**
 * Starts the process of a live page. It ends with this process, for whatever reason.
 *
 * @throws {UsageError} the port cannot be listened on
 * @throws {ProcessError} it could not be started
 */
export async function openLivePage(options: LivePageOptions): Promise<LivePage> {
  const { port, rules, cellSeconds, stop, lost } = options
  await using opened = new AsyncDisposableStack()
  const file = modulePath('../live/main', import.meta.url)
  const server = opened.use(await startProcess({ name: 'the live page', file }))
  const { url } = await server.call<{ url: string }>('start', { port, cellSeconds })
  server.on('stop', stop)
  const began = performance.now()
  const seconds = () => (performance.now() - began) / 1e3
  const messages = liveMessages(
    // A page that is stopped by a debugger must not end the run.
    (message) => server.call('add', message, { timeout: Number.POSITIVE_INFINITY }),
    lost,
  )
  let head: LiveHead | undefined
  const post = (message: LiveMessage): void => {
    head = message.head ?? head
    messages.add(message)
  }
  const end: LivePage['end'] = async (changes) => {
    if (head === undefined || head.state === 'ended') return
    const last = { state: 'ended', elapsed: seconds(), left: undefined, share: 1 } as const
    post({ head: { ...head, ...last, current: 'ended', ...changes } })
    await messages.settled(endMs)
  }
  const kept = opened.move()
  return {
    ...{ url, rules, seconds, post, end },
    observer: loadPoints(seconds, post),
    async [Symbol.asyncDispose]() {
      await end({ message: 'run ended without a result' })
      await kept.disposeAsync()
    },
  }
}

/** Length of a bin of the drivers in seconds. */
const binSeconds = 0.1

/** Posts the responses of each bin of a load; bins of all loads lie on one grid. */
function loadPoints(seconds: () => number, post: (message: LiveMessage) => void): LoadObserver {
  let [begun, bins] = [0, 0]
  let planned: number | undefined
  return {
    begun({ arrivals, visits }) {
      begun = Math.round(seconds() / binSeconds)
      bins = 0
      // A rate of visits is none of responses.
      planned = visits === undefined ? arrivals && arrivals.rate * binSeconds : undefined
    },
    counted(responses) {
      const points = responses.map((done, i) => ({
        at: (begun + bins + i + 0.5) * binSeconds,
        seconds: binSeconds,
        ...{ planned, done, failed: 0 },
      }))
      bins += responses.length
      post({ points })
    },
  }
}
