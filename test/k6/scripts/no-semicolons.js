import http from 'k6/http'
import { check } from 'k6'

const visit = path => http.get(`http://shop.test${path}`)

export default () => {
  const first = visit('/')
  visit('/items').json()
  http.get('http://shop.test/a').json
  check(first, { ok: r => r.status === 200 })
}
