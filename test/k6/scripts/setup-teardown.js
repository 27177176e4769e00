import http from 'k6/http';
import { check } from 'k6';

export function setup() {
  const res = http.get('http://shop.test/items');
  return { count: res.json('items.#') };
}

export default function (data) {
  check(data, { 'setup returned': (d) => d.count === 2 });
  http.get('http://shop.test/');
}

export function teardown(data) {
  http.post('http://shop.test/echo', JSON.stringify(data));
}
