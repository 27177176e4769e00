// HTTP/2 of Go's net/http, over TLS: `go-peer serve CERTIFICATE KEY` is a backend on a free port, which it prints;
// `go-peer load URL CA REQUESTS` is a client, which prints how many responses of each kind it got.
package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"
)

var large = bytes.Repeat([]byte("x"), 300_000)

// A GET gets a large body, anything else its own body back, and trailers.
func respond(response http.ResponseWriter, request *http.Request) {
	response.Header().Set("Trailer", "X-Read")
	body, err := io.ReadAll(request.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if request.Method == "GET" {
		body = large
	}
	response.Write(body)
	response.Header().Set("X-Read", request.Proto+"; "+request.Trailer.Get("X-Sent")+".")
}

func serve(certificate, key string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	log.Fatal(http.ServeTLS(listener, http.HandlerFunc(respond), certificate, key))
}

// Requests in turn a large download, an upload with Content-Length, and one in pieces, with trailers.
func request(client *http.Client, url string, number int) string {
	method, body := "GET", io.Reader(nil)
	if number%3 == 1 {
		method, body = "PUT", bytes.NewReader(large)
	} else if number%3 == 2 {
		method, body = "POST", io.MultiReader(bytes.NewReader(large))
	}
	sent, err := http.NewRequest(method, url, body)
	if err != nil {
		log.Fatal(err)
	}
	sent.Header.Set("TE", "trailers")
	if number%3 == 2 {
		sent.Trailer = http.Header{"X-Sent": {"trailer"}}
	}
	response, err := client.Do(sent)
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	read, err := io.ReadAll(response.Body)
	if err != nil {
		return err.Error()
	}
	trailer := response.Trailer.Get("X-Read")
	return fmt.Sprintf("%s %s %s %v; %s", method, response.Proto, response.Status, bytes.Equal(read, large), trailer)
}

func load(url, ca string, requests int) {
	pem, err := os.ReadFile(ca)
	if err != nil {
		log.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true}
	client := &http.Client{Transport: transport}
	results := make([]string, requests)
	var all sync.WaitGroup
	for number := range results {
		all.Add(1)
		go func(number int) {
			defer all.Done()
			results[number] = request(client, url, number)
		}(number)
	}
	all.Wait()
	counts := map[string]int{}
	for _, result := range results {
		counts[result]++
	}
	for result, count := range counts {
		fmt.Printf("%d × %s\n", count, result)
	}
}

func main() {
	if len(os.Args) == 4 && os.Args[1] == "serve" {
		serve(os.Args[2], os.Args[3])
	}
	requests, err := strconv.Atoi(os.Args[len(os.Args)-1])
	if err != nil {
		log.Fatal(err)
	}
	load(os.Args[2], os.Args[3], requests)
}
