import { readFileSync } from 'node:fs'

/**
 * Files with a certificate for 127.0.0.1, one for another name, and the one that signed both; one for shop.test and
 * *.shop.test, which signed itself; one of a client, and the one that signed it. They were made for these tests, and the
 * keys of those that signed others do not exist any more.
 */
export const certificateOf = (name: 'ca' | 'backend' | 'other' | 'shop' | 'client-ca' | 'client') =>
  new URL(`./certificates/${name}.pem`, import.meta.url).pathname

/** The file with the key of all but those that signed others. */
export const privateKeyFile = new URL('./certificates/backend.key', import.meta.url).pathname

/** What is in it. */
export const privateKey = readFileSync(privateKeyFile)
