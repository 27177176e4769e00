import { expect, test } from 'vitest'
import { profileOfPerfScript } from '../../../src/profile/sources/perf-script.ts'

const text = `nginx  4711 158665.570607:     cpu-clock:
	ffffffff8103ce3b native_write_msr+0x6 ([kernel.kallsyms])
	          45c1aa ngx_http_proxy_handler+0x1f (/usr/sbin/nginx)
	          45c0aa main+0x8f (/usr/sbin/nginx)

nginx  4711 158665.571607:     cpu-clock:
	          45c1ab ngx_http_proxy_handler+0x20 (/usr/sbin/nginx)
	          45c0aa main+0x8f (/usr/sbin/nginx)

my worker 1  4712 158665.571907:    1003009 cpu-clock:u:
	    7f00deadbeef [unknown] (/usr/lib/libc.so.6)
	          45c0aa operator new(unsigned long)+0x8f (/usr/sbin/nginx)

nginx  4711 158665.572607:     cpu-clock:
	          45c1ab ngx_http_proxy_handler+0x20 (/usr/sbin/nginx)
	          45c0aa main+0x8f (/usr/sbin/nginx)

`

test('the stacks of perf script, root first, each sample one period long', () => {
  const { frames, samples, ...rest } = profileOfPerfScript(text, { period: 1000 })
  const named = samples.map(({ stack, value }) => [
    stack.map((i) => frames[i]?.name).join(' > '),
    value,
  ])
  expect(rest).toMatchObject({ kind: 'cpu', unit: 'microseconds' })
  expect(rest.seconds).toBeCloseTo(0.002)
  expect(named).toEqual([
    ['main > ngx_http_proxy_handler > native_write_msr', 1000],
    ['main > ngx_http_proxy_handler', 2000],
    ['operator new(unsigned long) > [unknown]', 1000],
  ])
  expect(frames.find(({ name }) => name === '[unknown]')?.file).toBe('/usr/lib/libc.so.6')
})

test('without samples, as of a process that slept, there is nothing', () => {
  expect(profileOfPerfScript('', { period: 1000 }).samples).toEqual([])
})
