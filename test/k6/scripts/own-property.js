import { check } from 'k6';
import http from 'k6/http';

export default function () {
  const res = http.get('http://shop.test/cookie');
  let found = 0;
  for (const name in res.cookies) {
    if (res.cookies.hasOwnProperty(name)) found += res.cookies[name].length;
  }
  check(found, { 'one cookie is set': (count) => count === 1 });
}
