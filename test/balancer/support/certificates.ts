import { readFileSync } from 'node:fs'

/**
 * Files with a certificate for 127.0.0.1, one for another name, and the one that signed both. They were
 * made for these tests, and whoever signed them forgot the key.
 */
export const certificateOf = (name: 'ca' | 'backend' | 'other') =>
  new URL(`./certificates/${name}.pem`, import.meta.url).pathname

/** The file with the key of both. */
export const privateKeyFile = new URL('./certificates/backend.key', import.meta.url).pathname

/** What is in it. */
export const privateKey = readFileSync(privateKeyFile)
