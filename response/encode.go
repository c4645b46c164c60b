package response

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// JSON is the error that answers with v as JSON, and the context's status unless
// one is given: what an endpoint that is a page function returns.
func JSON(v any, status ...int) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("response: JSON: %w", err)
	}
	return Bytes("application/json", body, status...)
}

// Bytes is the error that answers with body as it is. An empty content type
// stands for application/octet-stream: browsers are told not to guess.
func Bytes(contentType string, body []byte, status ...int) error {
	if contentType == "" {
		contentType = "application/octet-stream"
	}
	if err := checkField("Bytes", "Content-Type", contentType); err != nil {
		return err
	}
	r := &http.Response{
		Header:        http.Header{"Content-Type": {contentType}},
		ContentLength: int64(len(body)),
		Body:          io.NopCloser(bytes.NewReader(body)),
	}
	if len(status) > 0 {
		r.StatusCode = status[0]
	}
	if err := checkStatus("Bytes", r.StatusCode); err != nil {
		return err
	}
	return &ResponseError{Response: r, Merge: true}
}
