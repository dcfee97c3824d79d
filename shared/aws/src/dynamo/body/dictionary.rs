//! Dictionary: text that bodies are compressed as the rest of. The more of a body stands in it, the shorter
//! the body becomes, and the nearer to the end, the better.

/// First dictionary, which is for ever: no body that was compressed with it can be read without. It has
/// a delivery, an answer of nginx, an event, and the row of an attempt.
pub(super) const FIRST: &str = concat!(
    r#"{"format":1,"status":"retrying","run":0,"generation":0,"attempts":1,"#,
    r#""first_attempt_at":"2026-","next":{"slot":,"due":"2026-","message":"msg_01k"},"#,
    r#""last_response_status":,"last_message":"msg_01k","logs":["log_01k","delivered","exhausted""#,
    "<html>\\r\\n<head><title>50 Internal Server Error Bad Gateway Service Temporarily Unavailable",
    "</title></head>\\r\\n<body>\\r\\n",
    "<center><h1></h1></center>\\r\\n<hr><center>nginx</center>\\r\\n</body>\\r\\n</html>\\r\\n",
    r#"{"format":3,"id":"evt_01k","account":"acct_01k","event_type":"report.completed","#,
    r#""environment":"live","jurisdiction":"US","created_at":"2026-","accepted_at":"2026-","#,
    r#""data":{"object":{"id":"","object":"","uri":"/v1/","status":"","created_at":"2026-"}},"#,
    r#""deliveries":"wh_01k"#,
    r#"{"format":1,"created_at":"2026-","environment":"test","event":"evt_01k","event_type":"","#,
    r#""webhook":"wh_01k","webhook_url":"https://","include_object":false,"payload_format":"","#,
    r#""attempt":1,"trigger":"schedule","succeeded":false,"response_status":503,"#,
    r#""error":{"code":"bad_status","message":"The receiver answered , not a 2xx."},"#,
    r#""duration_ms":,"next_attempt_at":"2026-","#,
    r#""succeeded":true,"response_status":200,"error":null,"next_attempt_at":null,"#,
    r#""request_headers":[["webhook-id","evt_01k"],["webhook-timestamp","1"],"#,
    r#"["webhook-signature","v1,"]],"response_headers":[["server","nginx"],"#,
    r#"["server","cloudflare"],["via","1.1 "],["cf-ray","-"],["cf-cache-status","DYNAMIC"],"#,
    r#"["alt-svc","h3=\":443\"; ma=86400"],["strict-transport-security","max-age=31536000; "#,
    r#"includeSubDomains"],["x-request-id",""],["vary","Accept-Encoding"],["cache-control","#,
    r#""no-cache, no-store, private, must-revalidate, max-age=0"],["x-powered-by","Express"],"#,
    r#"["x-content-type-options","nosniff"],["x-frame-options","SAMEORIGIN"],"#,
    r#"["etag","W/\""],["transfer-encoding","chunked"],["keep-alive","timeout=5"],"#,
    r#"["connection","keep-alive"],["connection","close"],["date",", 202  GMT"],"#,
    r#"["content-type","application/json"],["content-type","text/html; charset=utf-8"],"#,
    r#"["content-length",""]],"#,
    r#""body_excerpt":"OK"#,
);
