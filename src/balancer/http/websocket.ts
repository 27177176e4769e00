/** The protocol that HTTP/1.1 changes to by Upgrade, and HTTP/2 by an extended CONNECT (RFC 8441). */
export const websocket = 'websocket'

/** Names of the fields of the handshake in HTTP/1.1 that HTTP/2 has not: RFC 8441, section 5. */
export const keyName = 'sec-websocket-key'
export const acceptName = 'sec-websocket-accept'

/** Appended to a key before it is hashed: RFC 6455, section 1.3. */
const suffix = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** A key that no other handshake has had: RFC 6455, section 4.1. */
export function newWebSocketKey(): string {
  return crypto().randomBytes(16).toString('base64')
}

/** The value of Sec-WebSocket-Accept that belongs to a key: RFC 6455, section 4.2.2. */
export function acceptOf(key: string): string {
  return crypto()
    .createHash('sha1')
    .update(key + suffix)
    .digest('base64')
}

// Loaded with the first handshake between HTTP/1.1 and HTTP/2.
const crypto = () => process.getBuiltinModule('node:crypto')
