import { expect, test } from 'vitest'
import { logTemplate } from '../../../src/balancer/config/log-format.ts'
import { lineWriter } from '../../../src/balancer/io/log-line.ts'

const access = {
  time: 0,
  worker: 0,
  client: '192.0.2.1',
  method: 'GET',
  target: '/',
  status: 200,
  bytes: 2,
  seconds: 0.001,
  backend: 'b:80',
  tries: 1,
  protocol: 'HTTP/1.1',
  scheme: 'http',
} as const

test.for([
  ['{"agent": "$http_user_agent"}', '{"agent": "\\u001b[2J\\u009b2J\\u007f\\"é"}\n'],
  ['$remote_addr "$http_user_agent"', '192.0.2.1 "\\x1B[2J\\x9B2J\\x7F\\x22\\xE9"\n'],
] as const)('no field of a request has control characters in a line of %s', ([format, line]) => {
  const template = logTemplate(format)
  if (template === undefined) throw new Error('it is no template')
  const fields = ['\u001b[2J\u009b2J\u007f"é']
  expect(lineWriter(template)({ ...access, fields })).toBe(line)
})
