import http from 'k6/http';

export default function () {
  const res = http.get('http://shop.test/');
  const doc = res.html();
  doc.find('title').text();
}
