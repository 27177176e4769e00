import { readFileSync } from 'node:fs'

/**
 * Files with a certificate for 127.0.0.1, one for another name, and the one that signed both. They were
 * made for these tests, and whoever signed them forgot the key.
 */
export const certificateOf = (name: 'ca' | 'backend' | 'other') =>
  new URL(`./certificates/${name}.pem`, import.meta.url).pathname

/** The key of both. */
export const privateKey = readFileSync(new URL('./certificates/backend.key', import.meta.url))
