import { expect, test } from 'vitest'
import { wrkScript } from '../../../src/driver/external/wrk-script.ts'

test('the request is a Lua string of the same bytes, whatever they are', () => {
  const script = wrkScript(Buffer.from('GET /"\\ HTTP\r\n\r\n\u00e9]]', 'latin1'))
  const [, text = ''] = /^local bytes = "(.*)"$/m.exec(script) ?? []
  expect(text).toBe('GET \\047\\034\\092 HTTP\\013\\010\\013\\010\\233\\093\\093')
})
