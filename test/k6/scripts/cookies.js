import http from 'k6/http';
import { check } from 'k6';

export default function () {
  const jar = http.cookieJar();
  jar.set('http://shop.test', 'seen', 'yes', { path: '/', max_age: 600 });
  const first = http.get('http://shop.test/cookie');
  const second = http.get('http://shop.test/headers', { cookies: { extra: 'one' } });
  check(first, { 'sets a cookie': (r) => r.cookies.session[0].value === 's1' });
  check(second, {
    'sends them all': (r) => r.json('cookie') === 'seen=yes; session=s1; extra=one',
  });
  check(jar.cookiesForURL('http://shop.test/'), { 'jar has it': (c) => c.session[0] === 's1' });
}
