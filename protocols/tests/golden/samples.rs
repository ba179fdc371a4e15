//! One sample at least of every frame, with every field.

pub const CLIENT: &[(&str, &str)] = &[
    (
        "hello.device",
        r#"{"t":"hello","d":{"kind":"device","client":"dev_7","install":"in_9c","gen":4,"app":"1.8.2","caps":["batch"],"token":"tok","ticket":"tic","seq_next":1042,"clock":{"wall_ms":1760000000000,"mono_ms":81234,"boot":"b_31"},"subs":[{"topic":"device.dev_7.inbox","since":{"epoch":"j_5kq","off":88}}]}}"#,
    ),
    (
        "hello.console",
        r#"{"t":"hello","id":1,"d":{"kind":"console","client":"tab_a1","app":"2.3.0","caps":[],"token":"tok","subs":[{"topic":"wh.w1.orders","max_hz":4,"window":{"status":["picking"]}}]}}"#,
    ),
    (
        "hello.customer",
        r#"{"t":"hello","d":{"kind":"console","client":"tab_c1","app":"2.3.0","caps":[],"track":"mtr_tok","subs":[{"topic":"order.0198c0de000070008000000000000000"}]}}"#,
    ),
    (
        "cmd.device",
        r#"{"t":"cmd","id":12,"d":{"seq":1042,"key":"017f22e2-79b0-7cc3-98c4-dc0c0c07398f","at":{"wall_ms":1760000000000,"mono_ms":81234,"boot":"b_31"},"op":"pick.confirm","rev":7,"a":{"line":"l_1","qty":"2"}}}"#,
    ),
    (
        "cmd.console",
        r#"{"t":"cmd","id":21,"d":{"key":"017f22e2-79b0-7cc3-98c4-dc0c0c07398f","op":"approval.decide","rev":3,"a":{"id":"ap_77","decision":"approve","reason":"known customer"}}}"#,
    ),
    (
        "batch",
        r#"{"t":"batch","id":13,"d":{"cmds":[{"seq":1043,"key":"017f22e2-79b0-7cc3-98c4-dc0c0c073990","at":{"wall_ms":1760000000000,"mono_ms":81234,"boot":"b_31"},"op":"pick.confirm","a":{}},{"seq":1044,"key":"017f22e2-79b0-7cc3-98c4-dc0c0c073991","at":{"wall_ms":1760000000001,"mono_ms":81235,"boot":"b_31"},"op":"pick.short","rev":9007199254740991,"a":{"found":"0","reason":"empty"}}]}}"#,
    ),
    (
        "sub",
        r#"{"t":"sub","id":14,"d":{"topic":"wh.w1.orders","since":{"epoch":"j_5kq","off":88},"max_hz":4,"window":{"channel":["app","web"],"status":["picking"]},"why":"base_gap"}}"#,
    ),
    ("unsub", r#"{"t":"unsub","id":15,"d":{"topic":"wh.w1.orders"}}"#),
    ("seen", r#"{"t":"seen","d":{"topic":"device.dev_7.inbox","off":91}}"#),
    ("auth", r#"{"t":"auth","id":16,"d":{"token":"tok"}}"#),
    ("ping", r#"{"t":"ping","d":{"n":2}}"#),
    ("pong", r#"{"t":"pong","d":{"n":5,"t0":1760000000123}}"#),
    ("bye", r#"{"t":"bye","d":{}}"#),
];

pub const SERVER: &[(&str, &str)] = &[
    (
        "welcome.device",
        r#"{"t":"welcome","d":{"ticket":"tic","resumed":true,"ack":1041,"expect":1042,"hb_ms":10000,"time_ms":1760000000000,"schema":"sha256:00","limits":{"message_bytes":65536,"batch_bytes":16384,"batch_commands":100,"topics":32,"commands_per_s":500,"frames_per_s":20},"subs":[{"topic":"device.dev_7.inbox","outcome":"resumed","epoch":"j_5kq","off":93},{"topic":"wh.w9.tasks","outcome":"refused","code":"sub_denied"}]}}"#,
    ),
    (
        "welcome.console",
        r#"{"t":"welcome","id":1,"d":{"resumed":false,"hb_ms":25000,"time_ms":1760000000000,"schema":"sha256:00","limits":{"message_bytes":65536,"batch_bytes":16384,"batch_commands":100,"topics":32,"commands_per_s":10,"frames_per_s":10},"subs":[]}}"#,
    ),
    ("ok.sub", r#"{"t":"ok","id":14,"d":{"topic":"wh.w1.orders","outcome":"snapshot","epoch":"j_5kq","off":88}}"#),
    ("ok.auth", r#"{"t":"ok","id":16,"d":{}}"#),
    (
        "ack.device",
        r#"{"t":"ack","id":12,"d":{"through":1044,"r":[{"seq":1042,"st":"applied","out":{"state":"Item"}},{"seq":1043,"st":"applied_with_variance","code":"conflict","exception_id":"ex_1"},{"seq":1044,"st":"duplicate"}]}}"#,
    ),
    (
        "ack.console",
        r#"{"t":"ack","id":21,"d":{"r":[{"key":"017f22e2-79b0-7cc3-98c4-dc0c0c07398f","st":"rejected","code":"conflict","out":{"row":{}}},{"key":"017f22e2-79b0-7cc3-98c4-dc0c0c073990","st":"pending","approval_id":"ap_1"}]}}"#,
    ),
    (
        "snap.map",
        r#"{"t":"snap","d":{"topic":"wh.w1.orders","epoch":"j_5kq","off":88,"page":0,"last":false,"rows":[{"k":"o_1","v":{"number":"PK-1"},"ver":71}]}}"#,
    ),
    (
        "snap.stream",
        r#"{"t":"snap","d":{"topic":"device.dev_7.inbox","epoch":"j_5kq","off":88,"page":0,"last":true,"add":[{"off":80,"v":{"kind":"task_cancelled"}}]}}"#,
    ),
    (
        "snap.gauge",
        r#"{"t":"snap","d":{"topic":"dash.w1.kpi","epoch":"g_88","off":4,"page":0,"last":true,"v":{"at":1}}}"#,
    ),
    (
        "delta.map",
        r#"{"t":"delta","d":{"topic":"wh.w1.orders","epoch":"j_5kq","base":88,"off":91,"put":[{"k":"o_1","v":{"number":"PK-1"},"ver":91}],"del":["o_2"]}}"#,
    ),
    (
        "delta.stream",
        r#"{"t":"delta","d":{"topic":"device.dev_7.inbox","epoch":"j_5kq","base":88,"off":93,"add":[{"off":93,"v":{"kind":"task_cancelled"}}]}}"#,
    ),
    ("delta.gauge", r#"{"t":"delta","d":{"topic":"dash.w1.kpi","epoch":"g_88","base":4,"off":9,"v":{"at":2}}}"#),
    ("chk", r#"{"t":"chk","d":{"topic":"wh.w1.orders","off":91,"n":412,"h":"9f3c0a51d2e47b18"}}"#),
    ("unsub", r#"{"t":"unsub","d":{"topic":"wh.w1.orders","code":"sub_revoked","retry":"no"}}"#),
    ("unsub.later", r#"{"t":"unsub","d":{"topic":"wh.w1.orders","code":"busy","retry":"later","retry_ms":500}}"#),
    (
        "err",
        r#"{"t":"err","id":14,"d":{"code":"sub_denied","num":2103,"retry":"no","msg":"your roles do not permit this topic","field":"topic"}}"#,
    ),
    ("err.gap", r#"{"t":"err","id":12,"d":{"code":"seq_gap","num":1011,"retry":"resync","msg":"","expect":1042}}"#),
    ("err.later", r#"{"t":"err","id":12,"d":{"code":"busy","num":3002,"retry":"later","retry_ms":250,"msg":""}}"#),
    ("throttle", r#"{"t":"throttle","d":{"retry_ms":1500}}"#),
    ("drain", r#"{"t":"drain","d":{"after_ms":3170,"why":"deploy"}}"#),
    ("ping", r#"{"t":"ping","d":{"n":5,"time_ms":1760000000000}}"#),
    ("pong", r#"{"t":"pong","d":{"n":2}}"#),
];
