/** Messages of the balancer's process to its parent. Sockets are named by what listens on them, and where. */
export type ChildMessage =
  /** It catches signals: before that they would have their default action. */
  | { readonly catching: true }
  /** It asks for the listening socket of that name. */
  | { readonly take: string }
  /** It sends a socket that it listens on, for the processes after it. */
  | { readonly hold: string }
  /** It accepts connections. */
  | { readonly ready: true }
  /** It stops: the sockets must be closed, or connections would wait on them in vain. */
  | { readonly release: true }

/** Replies of the parent. */
export type ParentMessage =
  /** To `take`: the socket comes with it, if there is one. */
  | { readonly socket: string }
  /** To `release`: the sockets are closed. */
  | { readonly released: true }

/** A listening socket, as Node passes it between processes. */
export interface SocketHandle {
  close(): void
}

/** Environment variable of the balancer's process: how many processes were restarted before it. */
export const restartsVariable = 'LB_RESTARTS'
