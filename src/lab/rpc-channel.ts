import type { ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { ProcessError, UsageError } from '../kit/errors.ts'
import type { RpcError, RpcMessage, RpcRequest } from '../kit/rpc.ts'

/** Seconds that an answer may take where the asker says nothing else. */
const usualTimeout = 10
/** Milliseconds of one step of waiting: a machine that stands still meanwhile takes no more than that of the time. */
const stepMs = 1000

/** How long to wait for an answer: `timeout` seconds (default 10; `Infinity` for ever), or until `signal` aborts. */
interface CallOptions {
  readonly timeout?: number
  readonly signal?: AbortSignal
}

/** Questions to a child and its events: the parent's side of src/kit/rpc.ts. */
export interface RpcChannel {
  /**
   * Asks one question and gives its answer.
   * @throws {UsageError} what was asked for is not possible as asked
   * @throws {ProcessError} the child failed, ended, or took too long
   */
  call<Answer = unknown>(question: string, payload?: unknown, limit?: CallOptions): Promise<Answer>
  /** Calls `listener` at each such event, until the function that it returns is called. */
  on(event: string, listener: (payload: unknown) => void): () => void
}

/**
 * Opens the conversation with `child`. Once `ended` gives a reason, every open question fails with it,
 * and so does every later one.
 */
export function openRpcChannel(
  child: ChildProcess,
  name: string,
  ended: Promise<{ readonly reason: string; readonly lastWords: string }>,
): RpcChannel {
  const events = new EventEmitter()
  const open = new Map<number, PromiseWithResolvers<unknown>>()
  let asked = 0

  child.on('message', (message) => {
    const told = message as RpcMessage
    if ('event' in told) return void events.emit(`told ${told.event}`, told.with)
    const question = open.get(told.id)
    if ('failed' in told) question?.reject(asError(name, told.failed))
    else question?.resolve(told.answer)
  })
  void ended.then(({ reason, lastWords }) => {
    for (const { reject } of open.values()) reject(new ProcessError(`${name} ${reason}`, lastWords))
  })

  return {
    async call<Answer>(question: string, payload: unknown = null, limit: CallOptions = {}) {
      limit.signal?.throwIfAborted()
      const id = asked++
      const answer = Promise.withResolvers<unknown>()
      open.set(id, answer)
      using _ = rejectAfter(limit, `${name} gave no answer to "${question}"`, answer.reject)
      // A channel that is closed already means a process that is ending: its end is the better reason.
      child.send({ id, ask: question, with: payload } satisfies RpcRequest, (failed) => {
        if (failed)
          void ended.then(({ reason, lastWords }) =>
            answer.reject(new ProcessError(`${name} ${reason}`, lastWords)),
          )
      })
      try {
        return (await answer.promise) as Answer
      } finally {
        open.delete(id)
      }
    },
    on(event, listener) {
      events.on(`told ${event}`, listener)
      return () => events.off(`told ${event}`, listener)
    },
  }
}

/**
 * Rejects when the time is over or the signal aborts, unless disposed of before. Time in which the whole machine
 * stood still, as virtual ones do for a minute now and then, is not the child's.
 */
function rejectAfter(
  { timeout = usualTimeout, signal }: CallOptions,
  what: string,
  reject: (reason: unknown) => void,
): Disposable {
  const late = () =>
    reject(new ProcessError(`${what} in ${timeout} s`, 'It is stopped; see its log.'))
  let timer: NodeJS.Timeout | undefined
  const waitFor = (leftMs: number): void => {
    const step = Math.min(leftMs, stepMs)
    timer = setTimeout(() => (leftMs > step ? waitFor(leftMs - step) : late()), step)
  }
  if (timeout < Number.POSITIVE_INFINITY) waitFor(timeout * 1000)
  const abort = () => reject(signal?.reason)
  signal?.addEventListener('abort', abort, { once: true })
  return {
    [Symbol.dispose]() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    },
  }
}

function asError(name: string, { message, hint, usage }: RpcError): Error {
  return usage ? new UsageError(message, hint) : new ProcessError(`${name}: ${message}`, hint)
}
