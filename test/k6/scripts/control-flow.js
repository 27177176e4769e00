import http from 'k6/http'
import { sleep } from 'k6'

export default function () {
  let page = 1
  do {
    if (page % 2) http.get('http://shop.test/odd')
    else http.get('http://shop.test/even')
    sleep(0.1)
  } while (++page <= 4)
  switch (http.get('http://shop.test/').status) {
    case 200:
      http.get('http://shop.test/ok')
      break
    default:
      http.get('http://shop.test/other')
  }
  const res = http.get('http://shop.test/items').json().items.length > 1 ? http.get('http://shop.test/many') : null
  res?.status === 200 && http.get('http://shop.test/end')
}
