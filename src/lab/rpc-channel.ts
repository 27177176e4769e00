import { EventEmitter } from 'node:events'
import { ProcessError, UsageError } from '../kit/errors.ts'
import type { RpcError, RpcMessage, RpcRequest } from '../kit/rpc.ts'

/** Seconds after which a call fails that sets no other time-out. */
const defaultTimeout = 10
/** Milliseconds of one step of a time-out: while the whole machine is stopped, at most one step passes. */
const stepMs = 1000

/** How long to wait for the response: `timeout` seconds (default 10; `Infinity` for ever), or until `signal` aborts. */
interface CallOptions {
  readonly timeout?: number
  readonly signal?: AbortSignal
}

/** Calls to a child and notifications from it: the parent's side of src/kit/rpc.ts. */
export interface RpcChannel {
  /**
   * Calls a handler of the child and returns its response.
   * @throws {UsageError} the child reports that its configuration is invalid
   * @throws {ProcessError} the child failed, ended, or took too long
   */
  call<Result = unknown>(handler: string, payload?: unknown, options?: CallOptions): Promise<Result>
  /** Calls `listener` for each notification of that name, until the returned function is called. */
  on(event: string, listener: (payload: unknown) => void): () => void
}

/** The other end of a channel: a child process, or a process on another machine. */
export interface RpcPeer {
  on(event: 'message', listener: (message: unknown) => void): unknown
  send(request: RpcRequest, done: (error: Error | null) => void): unknown
}

/** How the child ended, for the errors of calls that got no response. */
interface ChildEnd {
  readonly reason: string
  readonly logTail: string
}

/** Opens the channel to `child`. Once `ended` settles, every open call fails with it, and so does every later one. */
export function openRpcChannel(child: RpcPeer, name: string, ended: Promise<ChildEnd>): RpcChannel {
  const notifications = new EventEmitter()
  const open = new Map<number, PromiseWithResolvers<unknown>>()
  let calls = 0
  const endError = ({ reason, logTail }: ChildEnd) => new ProcessError(`${name} ${reason}`, logTail)

  child.on('message', (received) => {
    const message = received as RpcMessage
    // The prefix keeps EventEmitter's own events, such as `error`, apart.
    if ('event' in message) {
      notifications.emit(`notification ${message.event}`, message.with)
      return
    }
    const call = open.get(message.id)
    if ('failed' in message) call?.reject(fromRpcError(name, message.failed))
    else call?.resolve(message.answer)
  })
  void ended.then((end) => {
    for (const { reject } of open.values()) reject(endError(end))
  })

  return {
    async call<Result>(handler: string, payload: unknown = null, options: CallOptions = {}) {
      options.signal?.throwIfAborted()
      const id = calls++
      const response = Promise.withResolvers<unknown>()
      open.set(id, response)
      using _ = rejectAfter(options, `${name} did not respond to "${handler}"`, response.reject)
      // Sending fails when the channel is closed: the process is ending, and how it ended says more than this error.
      child.send({ id, ask: handler, with: payload } satisfies RpcRequest, (error) => {
        if (error) void ended.then((end) => response.reject(endError(end)))
      })
      try {
        return (await response.promise) as Result
      } finally {
        open.delete(id)
      }
    },
    on(event, listener) {
      notifications.on(`notification ${event}`, listener)
      return () => notifications.off(`notification ${event}`, listener)
    },
  }
}

/**
 * Rejects when the time-out is over or the signal aborts, unless disposed before. Time in which the whole machine
 * was stopped, as virtual machines may be for a minute, does not count against the child.
 */
function rejectAfter(
  { timeout = defaultTimeout, signal }: CallOptions,
  message: string,
  reject: (reason: unknown) => void,
): Disposable {
  const timedOut = () =>
    reject(new ProcessError(`${message} in ${timeout} s`, 'It is stopped; see its log.'))
  let timer: NodeJS.Timeout | undefined
  const waitFor = (leftMs: number): void => {
    const step = Math.min(leftMs, stepMs)
    timer = setTimeout(() => (leftMs > step ? waitFor(leftMs - step) : timedOut()), step)
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

function fromRpcError(name: string, { message, hint, usage }: RpcError): Error {
  return usage ? new UsageError(message, hint) : new ProcessError(`${name}: ${message}`, hint)
}
