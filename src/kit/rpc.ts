/**
 * Remote procedure calls between `lb` and the processes that it starts, over Node's IPC channel: numbered
 * requests to the child, one response to each, and notifications from the child in between. This is the child's
 * side; src/lab/rpc-channel.ts is the parent's. `lb ci` also calls balancers that were built from older commits,
 * so the field names of these messages must not change.
 */

/** A request of the parent. */
export interface RpcRequest {
  readonly id: number
  /** Name of the handler. */
  readonly ask: string
  /** Argument of the handler. */
  readonly with: unknown
}

/** A message of the child: the response to one request, its failure, or a notification. */
export type RpcMessage =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly failed: RpcError }
  | { readonly event: string; readonly with: unknown }

/** An error as it crosses the channel. */
export interface RpcError {
  readonly message: string
  readonly hint: string
  /** Whether the configuration is at fault, not the process. */
  readonly usage: boolean
}

/** The handlers of a child, by name of the request. Every child has at least `start` and `stop`. */
export type RpcHandlers = Readonly<Record<string, (payload: never) => unknown>>

/** Sends a notification to the parent; does nothing without a parent. */
export function notify(event: string, payload: unknown): void {
  process.send?.({ event, with: payload } satisfies RpcMessage)
}

/**
 * Handles the parent's requests until the channel closes, then exits: a child must not outlive its parent,
 * however that ended.
 */
export function serveRequests(handlers: RpcHandlers): void {
  process.on('message', (message) => {
    void respond(message as RpcRequest, handlers)
  })
  process.on('disconnect', () => process.exit(0))
}

async function respond({ id, ask, with: payload }: RpcRequest, handlers: RpcHandlers) {
  try {
    const handler = handlers[ask] as ((payload: unknown) => unknown) | undefined
    if (handler === undefined) throw new Error(`this process has no handler for "${ask}"`)
    process.send?.({ id, answer: (await handler(payload)) ?? null } satisfies RpcMessage)
  } catch (error) {
    process.send?.({ id, failed: toRpcError(error) } satisfies RpcMessage)
  }
}

function toRpcError(error: unknown): RpcError {
  const { message, hint, exitCode } = error as Error & { hint?: string; exitCode?: number }
  return { message, hint: hint ?? '', usage: exitCode === 2 }
}
