// Made from protocols/openapi.json by `npm run types`; do not edit.

export interface paths {
    "/api/v1/approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * list open approval steps
         * @description Permission `approvals.read`: admin, sales_manager, finance, customer_service, viewer.
         */
        get: operations["approvals.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/approvals/answer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * decide by a signed link, once
         * @description Permission `approvals.vote`: admin, sales_manager, finance.
         */
        post: operations["approvals.answer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/approvals/{queue}/{step}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * read a step
         * @description Permission `approvals.read`: admin, sales_manager, finance, customer_service, viewer.
         */
        get: operations["approvals.read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/approvals/{queue}/{step}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * vote for
         * @description Permission `approvals.vote`: admin, sales_manager, finance.
         */
        post: operations["approvals.approve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/approvals/{queue}/{step}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * vote against
         * @description Permission `approvals.vote`: admin, sales_manager, finance.
         */
        post: operations["approvals.reject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/approvals/{queue}/{step}/request-changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * ask for changes
         * @description Permission `approvals.vote`: admin, sales_manager, finance.
         */
        post: operations["approvals.request_changes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * who am I
         * @description Permission `signed_in`: admin, sales_manager, finance, customer_service, warehouse, viewer.
         */
        get: operations["auth.me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/me/preferences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * what my clients keep for me
         * @description Permission `signed_in`: admin, sales_manager, finance, customer_service, warehouse, viewer.
         */
        get: operations["me.preferences"];
        /**
         * keep other preferences
         * @description Permission `signed_in`: admin, sales_manager, finance, customer_service, warehouse, viewer.
         */
        put: operations["me.set_preferences"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** exchange a refresh token for new tokens */
        post: operations["auth.refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** sign in with e-mail and password */
        post: operations["auth.sign_in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * end this session
         * @description Permission `signed_in`: admin, sales_manager, finance, customer_service, warehouse, viewer.
         */
        post: operations["auth.sign_out"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * list connections and how they are doing
         * @description Permission `connections.read`: admin, sales_manager, customer_service.
         */
        get: operations["connections.list"];
        put?: never;
        /**
         * make a connection
         * @description Permission `connections.manage`: admin.
         */
        post: operations["connections.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * read a connection
         * @description Permission `connections.read`: admin, sales_manager, customer_service.
         */
        get: operations["connections.read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * change a connection
         * @description Permission `connections.manage`: admin.
         */
        patch: operations["connections.change"];
        trace?: never;
    };
    "/api/v1/connections/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * troubles of a connection, and what was done to it by whom
         * @description Permission `connections.read`: admin, sales_manager, customer_service.
         */
        get: operations["connections.events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * stop it from sending; work waits
         * @description Permission `connections.manage`: admin.
         */
        post: operations["connections.pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * tell a subscriber again
         * @description Permission `connections.manage`: admin.
         */
        post: operations["connections.replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * let it go on, or try again at once
         * @description Permission `connections.manage`: admin.
         */
        post: operations["connections.resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/{id}/templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * hand the texts in for approval
         * @description Permission `connections.manage`: admin.
         */
        post: operations["connections.templates"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * send a message to try it
         * @description Permission `connections.manage`: admin.
         */
        post: operations["connections.test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * list threads, those that need a person first
         * @description Permission `messages.read`: admin, sales_manager, customer_service.
         */
        get: operations["conversations.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * read a thread's head
         * @description Permission `messages.read`: admin, sales_manager, customer_service.
         */
        get: operations["conversations.read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/assign": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * say who looks after a thread
         * @description Permission `messages.write`: admin, sales_manager, customer_service.
         */
        post: operations["conversations.assign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * note what came of a call
         * @description Permission `messages.write`: admin, sales_manager, customer_service.
         */
        post: operations["conversations.call"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * read a thread, newest first
         * @description Permission `messages.read`: admin, sales_manager, customer_service.
         */
        get: operations["conversations.messages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/preferences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * change language, consent and wanted channels
         * @description Permission `messages.write`: admin, sales_manager, customer_service.
         */
        patch: operations["conversations.preferences"];
        trace?: never;
    };
    "/api/v1/conversations/{id}/reply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * write to the person
         * @description Permission `messages.write`: admin, sales_manager, customer_service.
         */
        post: operations["conversations.reply"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * be done with a thread
         * @description Permission `messages.write`: admin, sales_manager, customer_service.
         */
        post: operations["conversations.resolve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * list customers
         * @description Permission `customers.read`: admin, sales_manager, finance, customer_service, viewer.
         */
        get: operations["customers.list"];
        put?: never;
        /**
         * make a customer
         * @description Permission `customers.write`: admin, sales_manager, customer_service.
         */
        post: operations["customers.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * read a customer
         * @description Permission `customers.read`: admin, sales_manager, finance, customer_service, viewer.
         */
        get: operations["customers.read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * change a customer
         * @description Permission `customers.write`: admin, sales_manager, customer_service.
         */
        patch: operations["customers.change"];
        trace?: never;
    };
    "/api/v1/customers/{id}/block": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * refuse orders of this customer
         * @description Permission `customers.block`: admin, sales_manager, finance.
         */
        post: operations["customers.block"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{id}/conversation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * read the thread with a customer
         * @description Permission `messages.read`: admin, sales_manager, customer_service.
         */
        get: operations["conversations.of_customer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{id}/credit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * read credit
         * @description Permission `customers.read`: admin, sales_manager, finance, customer_service, viewer.
         */
        get: operations["customers.credit"];
        /**
         * set or (null) take away credit terms
         * @description Permission `customers.credit`: admin, finance.
         */
        put: operations["customers.set_credit"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * timeline of a customer
         * @description Permission `customers.read`: admin, sales_manager, finance, customer_service, viewer.
         */
        get: operations["customers.events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{id}/preferences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * change what a customer wants to hear
         * @description Permission `messages.write`: admin, sales_manager, customer_service.
         */
        patch: operations["conversations.customer_preferences"];
        trace?: never;
    };
    "/api/v1/customers/{id}/settlements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * record money received for an order on credit
         * @description Permission `customers.credit`: admin, finance.
         */
        post: operations["customers.settle"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{id}/unblock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * accept orders again
         * @description Permission `customers.block`: admin, sales_manager, finance.
         */
        post: operations["customers.unblock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * list what was given up
         * @description Permission `connections.read`: admin, sales_manager, customer_service.
         */
        get: operations["dead_letters.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead-letters/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * replay what was given up, by connection and class
         * @description Permission `connections.dead_letters`: admin, sales_manager.
         */
        post: operations["dead_letters.replay_all"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead-letters/{connection}/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * read a dead letter
         * @description Permission `connections.read`: admin, sales_manager, customer_service.
         */
        get: operations["dead_letters.read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead-letters/{connection}/{id}/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * discard a dead letter
         * @description Permission `connections.dead_letters`: admin, sales_manager.
         */
        post: operations["dead_letters.discard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead-letters/{connection}/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * replay a dead letter
         * @description Permission `connections.dead_letters`: admin, sales_manager.
         */
        post: operations["dead_letters.replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/decide": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** what a one-time link asks an approver (Authorization: Decide …) */
        get: operations["decide.read"];
        put?: never;
        /** decide by a one-time link */
        post: operations["decide.answer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/enrol": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** enrol a device by its one-time code */
        post: operations["auth.enrol_device"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** exchange a device's key for a token */
        post: operations["auth.device_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * list imports, newest first
         * @description Permission `imports.run`: admin.
         */
        get: operations["imports.list"];
        put?: never;
        /**
         * import products, customers, stock or past orders out of a file
         * @description Permission `imports.run`: admin.
         */
        post: operations["imports.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * read how far an import is
         * @description Permission `imports.run`: admin.
         */
        get: operations["imports.read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{id}/errors.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * the rows that were not taken, with the reason
         * @description Permission `imports.run`: admin.
         */
        get: operations["imports.errors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{id}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * stop an import; what it has taken stays
         * @description Permission `imports.run`: admin.
         */
        post: operations["imports.stop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/message-templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * list kinds of messages and their templates
         * @description Permission `messages.read`: admin, sales_manager, customer_service.
         */
        get: operations["templates.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/message-templates/{kind}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * fill a template in
         * @description Permission `messages.read`: admin, sales_manager, customer_service.
         */
        post: operations["templates.preview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * list orders, newest first
         * @description Permission `orders.read`: admin, sales_manager, finance, customer_service, warehouse, viewer.
         */
        get: operations["orders.list"];
        put?: never;
        /**
         * make an order, and with submit place it
         * @description Permission `orders.write`: admin, sales_manager, customer_service.
         */
        post: operations["orders.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * read an order by id or number, with as_of as it was at a journal position
         * @description Permission `orders.read`: admin, sales_manager, finance, customer_service, warehouse, viewer.
         */
        get: operations["orders.read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * edit a draft or change a placed order
         * @description Permission `orders.write`: admin, sales_manager, customer_service.
         */
        patch: operations["orders.change"];
        trace?: never;
    };
    "/api/v1/orders/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * cancel the order or units of it
         * @description Permission `orders.write`: admin, sales_manager, customer_service.
         */
        post: operations["orders.cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * confirm on behalf of the customer
         * @description Permission `orders.write`: admin, sales_manager, customer_service.
         */
        post: operations["orders.confirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/deliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * record a delivery by hand
         * @description Permission `orders.track`: admin, customer_service, warehouse.
         */
        post: operations["orders.deliver"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * timeline of an order
         * @description Permission `orders.read`: admin, sales_manager, finance, customer_service, warehouse, viewer.
         */
        get: operations["orders.events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/hold": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * put on hold
         * @description Permission `orders.hold`: admin, sales_manager, finance, customer_service.
         */
        post: operations["orders.hold"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/lines/{n}/warehouse": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * source a line from another warehouse
         * @description Permission `orders.write`: admin, sales_manager, customer_service.
         */
        post: operations["orders.line_warehouse"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * send allocated units to the floor
         * @description Permission `orders.release`: admin, sales_manager, customer_service, warehouse.
         */
        post: operations["orders.release"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/release-hold": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * end a hold
         * @description Permission `orders.hold`: admin, sales_manager, finance, customer_service.
         */
        post: operations["orders.release_hold"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/revoke-tracking": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * end every tracking link given out so far
         * @description Permission `orders.write`: admin, sales_manager, customer_service.
         */
        post: operations["orders.revoke_tracking"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/scan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * record a carrier scan by hand
         * @description Permission `orders.track`: admin, customer_service, warehouse.
         */
        post: operations["orders.scan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/submit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * place a draft
         * @description Permission `orders.write`: admin, sales_manager, customer_service.
         */
        post: operations["orders.submit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/tracking-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * make a link by which the customer follows the order
         * @description Permission `orders.write`: admin, sales_manager, customer_service.
         */
        post: operations["orders.tracking_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * take back to draft
         * @description Permission `orders.write`: admin, sales_manager, customer_service.
         */
        post: operations["orders.withdraw"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * list products
         * @description Permission `products.read`: admin, sales_manager, finance, customer_service, warehouse, viewer.
         */
        get: operations["products.list"];
        put?: never;
        /**
         * make a product
         * @description Permission `products.write`: admin, sales_manager.
         */
        post: operations["products.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/lookup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * find a product by SKU or barcode
         * @description Permission `products.read`: admin, sales_manager, finance, customer_service, warehouse, viewer.
         */
        get: operations["products.lookup"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{sku}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * read a product
         * @description Permission `products.read`: admin, sales_manager, finance, customer_service, warehouse, viewer.
         */
        get: operations["products.read"];
        /**
         * make or replace a product
         * @description Permission `products.write`: admin, sales_manager.
         */
        put: operations["products.replace"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{sku}/activate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * let it be ordered
         * @description Permission `products.write`: admin, sales_manager.
         */
        post: operations["products.activate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{sku}/deactivate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * stop it from being ordered
         * @description Permission `products.write`: admin, sales_manager.
         */
        post: operations["products.deactivate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{sku}/stock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * stock of a product in every warehouse that ever had it
         * @description Permission `stock.read`: admin, sales_manager, finance, customer_service, warehouse, viewer.
         */
        get: operations["products.stock"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports/dashboard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * orders by day and status, approvals, low stock, the floor
         * @description Permission `orders.read`: admin, sales_manager, finance, customer_service, warehouse, viewer.
         */
        get: operations["reports.dashboard"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * read the shop's settings
         * @description Permission `settings.read`: admin, sales_manager, finance.
         */
        get: operations["settings.read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * merge into the shop's settings
         * @description Permission `settings.write`: admin.
         */
        patch: operations["settings.change"];
        trace?: never;
    };
    "/api/v1/system/doctor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * check journal and documents in the background
         * @description Permission `system.check`: admin.
         */
        post: operations["system.doctor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/system/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * state of the server
         * @description Permission `system.read`: admin.
         */
        get: operations["system.status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/track": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** what a customer sees by a tracking link (Authorization: Track …) */
        get: operations["track.read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/track/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** cancel by a tracking link: at once until something is packed, then for the shop to decide */
        post: operations["track.cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * list users
         * @description Permission `users.manage`: admin.
         */
        get: operations["users.list"];
        put?: never;
        /**
         * make a user
         * @description Permission `users.manage`: admin.
         */
        post: operations["users.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * read a user
         * @description Permission `users.manage`: admin.
         */
        get: operations["users.read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * change name or roles
         * @description Permission `users.manage`: admin.
         */
        patch: operations["users.change"];
        trace?: never;
    };
    "/api/v1/users/{id}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * bar from signing in
         * @description Permission `users.manage`: admin.
         */
        post: operations["users.disable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * let sign in again
         * @description Permission `users.manage`: admin.
         */
        post: operations["users.enable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * set another password
         * @description Permission `users.manage`: admin.
         */
        post: operations["users.password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}/revoke-sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * sign out everywhere
         * @description Permission `users.manage`: admin.
         */
        post: operations["users.revoke"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * list warehouses
         * @description Permission `stock.read`: admin, sales_manager, finance, customer_service, warehouse, viewer.
         */
        get: operations["warehouses.list"];
        put?: never;
        /**
         * open a warehouse
         * @description Permission `warehouses.open`: admin.
         */
        post: operations["warehouses.open"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * read a warehouse
         * @description Permission `stock.read`: admin, sales_manager, finance, customer_service, warehouse, viewer.
         */
        get: operations["warehouses.read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/bins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * list stock by location
         * @description Permission `stock.read`: admin, sales_manager, finance, customer_service, warehouse, viewer.
         */
        get: operations["bins.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * list counts that are not done
         * @description Permission `floor.read`: admin, finance, warehouse.
         */
        get: operations["counts.list"];
        put?: never;
        /**
         * have a location or an item counted
         * @description Permission `floor.run`: admin, warehouse.
         */
        post: operations["counts.open"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * list variances, over-receipts, late facts and loads that wait for a decision
         * @description Permission `floor.read`: admin, finance, warehouse.
         */
        get: operations["decisions.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/decisions/{decision}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * approve
         * @description Permission `floor.decide`: admin, finance.
         */
        post: operations["decisions.approve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/decisions/{decision}/refuse": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * refuse
         * @description Permission `floor.decide`: admin, finance.
         */
        post: operations["decisions.refuse"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * list devices
         * @description Permission `floor.read`: admin, finance, warehouse.
         */
        get: operations["devices.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/devices/{device}/enrolment-sheet.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * the same as a sheet to scan from
         * @description Permission `floor.devices`: admin.
         */
        post: operations["devices.sheet"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/devices/{device}/invite": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * hand out a one-time code that enrols the device
         * @description Permission `floor.devices`: admin.
         */
        post: operations["devices.invite"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/devices/{device}/message": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * tell whoever works at a device something
         * @description Permission `floor.run`: admin, warehouse.
         */
        post: operations["devices.message"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/devices/{device}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * hear the device no more
         * @description Permission `floor.devices`: admin.
         */
        post: operations["devices.revoke"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/epcis": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * what happened on the floor, as EPCIS 2.0
         * @description Permission `floor.read`: admin, finance, warehouse.
         */
        get: operations["floor.epcis"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/exceptions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * list open exceptions
         * @description Permission `floor.read`: admin, finance, warehouse.
         */
        get: operations["exceptions.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/exceptions/{exception}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * close an exception
         * @description Permission `floor.run`: admin, warehouse.
         */
        post: operations["exceptions.resolve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/floor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * read the site and its rules
         * @description Permission `stock.read`: admin, sales_manager, finance, customer_service, warehouse, viewer.
         */
        get: operations["floor.read"];
        /**
         * set the site up or change its rules
         * @description Permission `floor.set_up`: admin, warehouse.
         */
        put: operations["floor.set_up"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/item-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * list what the floor knows of items
         * @description Permission `stock.read`: admin, sales_manager, finance, customer_service, warehouse, viewer.
         */
        get: operations["item_rules.list"];
        /**
         * add or change item rules, all or none
         * @description Permission `floor.set_up`: admin, warehouse.
         */
        put: operations["item_rules.put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/loads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * list loads
         * @description Permission `floor.read`: admin, finance, warehouse.
         */
        get: operations["loads.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/loads/{load}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * read a load
         * @description Permission `floor.read`: admin, finance, warehouse.
         */
        get: operations["loads.read"];
        /**
         * plan what leaves together, or change the plan while nobody loads it
         * @description Permission `floor.run`: admin, warehouse.
         */
        put: operations["loads.plan"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/locations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * list locations by code
         * @description Permission `stock.read`: admin, sales_manager, finance, customer_service, warehouse, viewer.
         */
        get: operations["locations.list"];
        /**
         * add or change locations, all or none
         * @description Permission `floor.set_up`: admin, warehouse.
         */
        put: operations["locations.put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/locations/labels.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * print labels of locations and totes, at most 500
         * @description Permission `floor.work`: admin, warehouse.
         */
        get: operations["prints.locations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/locations/labels.zpl": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * print labels of locations and totes on a label printer
         * @description Permission `floor.work`: admin, warehouse.
         */
        get: operations["prints.locations_zpl"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/lots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * list lots by SKU and number
         * @description Permission `floor.read`: admin, finance, warehouse.
         */
        get: operations["lots.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/lots/{sku}/{lot}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * hold, recall or release a lot
         * @description Permission `floor.run`: admin, warehouse.
         */
        put: operations["lots.status"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/operators": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * list operators by badge
         * @description Permission `floor.read`: admin, finance, warehouse.
         */
        get: operations["operators.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/operators/{badge}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * add an operator or change name, rights or PIN
         * @description Permission `floor.devices`: admin.
         */
        put: operations["operators.put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/operators/{badge}/unlock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * let a badge be used again that wrong PINs locked
         * @description Permission `floor.devices`: admin.
         */
        post: operations["operators.unlock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/parcels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * list parcels on the floor
         * @description Permission `stock.read`: admin, sales_manager, finance, customer_service, warehouse, viewer.
         */
        get: operations["parcels.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/parcels/{order}/{n}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * read a parcel
         * @description Permission `stock.read`: admin, sales_manager, finance, customer_service, warehouse, viewer.
         */
        get: operations["parcels.read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/parcels/{order}/{n}/book": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * book with a carrier
         * @description Permission `floor.work`: admin, warehouse.
         */
        post: operations["parcels.book"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/parcels/{order}/{n}/claim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * start picking
         * @description Permission `floor.work`: admin, warehouse.
         */
        post: operations["parcels.claim"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/parcels/{order}/{n}/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * confirm picked units
         * @description Permission `floor.work`: admin, warehouse.
         */
        post: operations["parcels.confirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/parcels/{order}/{n}/hand-over": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * hand over to the carrier
         * @description Permission `floor.work`: admin, warehouse.
         */
        post: operations["parcels.hand_over"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/parcels/{order}/{n}/hold": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * keep from leaving
         * @description Permission `floor.work`: admin, warehouse.
         */
        post: operations["parcels.hold"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/parcels/{order}/{n}/label.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * print the parcel's label
         * @description Permission `floor.work`: admin, warehouse.
         */
        get: operations["prints.label"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/parcels/{order}/{n}/label.zpl": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * print the parcel's label on a label printer of 203, 300 or 600 dpi
         * @description Permission `floor.work`: admin, warehouse.
         */
        get: operations["prints.label_zpl"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/parcels/{order}/{n}/pack": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * pack
         * @description Permission `floor.work`: admin, warehouse.
         */
        post: operations["parcels.pack"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/parcels/{order}/{n}/packing-slip.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * print the slip that lies in the parcel
         * @description Permission `floor.work`: admin, warehouse.
         */
        get: operations["prints.packing_slip"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/parcels/{order}/{n}/pick-list.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * print the list a picker walks by
         * @description Permission `floor.work`: admin, warehouse.
         */
        get: operations["prints.pick_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/parcels/{order}/{n}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * stop picking
         * @description Permission `floor.work`: admin, warehouse.
         */
        post: operations["parcels.release"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/parcels/{order}/{n}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * let leave again
         * @description Permission `floor.work`: admin, warehouse.
         */
        post: operations["parcels.resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/parcels/{order}/{n}/return": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * receive units that came back undelivered
         * @description Permission `floor.work`: admin, warehouse.
         */
        post: operations["parcels.return"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/parcels/{order}/{n}/short": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * report units not found
         * @description Permission `floor.work`: admin, warehouse.
         */
        post: operations["parcels.short"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/parcels/{order}/{n}/split": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * put units of a packed parcel in a parcel of their own
         * @description Permission `floor.work`: admin, warehouse.
         */
        post: operations["parcels.split"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/plates/{plate}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * read a plate
         * @description Permission `floor.read`: admin, finance, warehouse.
         */
        get: operations["plates.read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/plates/{plate}/hold": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * let nobody move a plate
         * @description Permission `floor.run`: admin, warehouse.
         */
        post: operations["plates.hold"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/plates/{plate}/label.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * print a plate's label
         * @description Permission `floor.work`: admin, warehouse.
         */
        get: operations["prints.plate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/plates/{plate}/label.zpl": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * print a plate's label on a label printer
         * @description Permission `floor.work`: admin, warehouse.
         */
        get: operations["prints.plate_zpl"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/plates/{plate}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * let a plate be moved again
         * @description Permission `floor.run`: admin, warehouse.
         */
        post: operations["plates.release"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/receipts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * list documents to receive
         * @description Permission `floor.read`: admin, finance, warehouse.
         */
        get: operations["receipts.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/receipts/{receipt}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * read a document to receive
         * @description Permission `floor.read`: admin, finance, warehouse.
         */
        get: operations["receipts.read"];
        /**
         * announce goods or change what is expected
         * @description Permission `floor.run`: admin, warehouse.
         */
        put: operations["receipts.expect"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/replenishments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * have a pick face filled
         * @description Permission `floor.run`: admin, warehouse.
         */
        post: operations["replenishments.add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/returns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * list announced returns
         * @description Permission `floor.read`: admin, finance, warehouse.
         */
        get: operations["floor_returns.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/returns/{return}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * read an announced return
         * @description Permission `floor.read`: admin, finance, warehouse.
         */
        get: operations["floor_returns.read"];
        /**
         * announce a return or change what may come back
         * @description Permission `floor.run`: admin, warehouse.
         */
        put: operations["floor_returns.expect"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/returns/{return}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * take no more of a return
         * @description Permission `floor.run`: admin, warehouse.
         */
        post: operations["floor_returns.close"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/stock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * list stock of a warehouse
         * @description Permission `stock.read`: admin, sales_manager, finance, customer_service, warehouse, viewer.
         */
        get: operations["stock.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/stock/{sku}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * read stock of a SKU
         * @description Permission `stock.read`: admin, sales_manager, finance, customer_service, warehouse, viewer.
         */
        get: operations["stock.read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/stock/{sku}/adjust": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * correct on-hand units
         * @description Permission `stock.write`: admin, warehouse.
         */
        post: operations["stock.adjust"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/stock/{sku}/count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * record a count
         * @description Permission `stock.write`: admin, warehouse.
         */
        post: operations["stock.count"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/stock/{sku}/ledger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * list movements of a SKU, newest first
         * @description Permission `stock.read`: admin, sales_manager, finance, customer_service, warehouse, viewer.
         */
        get: operations["stock.ledger"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/stock/{sku}/policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * set safety stock, backorder cap and low level
         * @description Permission `stock.policy`: admin, sales_manager, warehouse.
         */
        put: operations["stock.policy"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/stock/{sku}/receive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * receive units
         * @description Permission `stock.write`: admin, warehouse.
         */
        post: operations["stock.receive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * list tasks that are not done
         * @description Permission `floor.read`: admin, finance, warehouse.
         */
        get: operations["tasks.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/tasks/{task}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * cancel a replenishment
         * @description Permission `floor.run`: admin, warehouse.
         */
        post: operations["tasks.cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/tasks/{task}/priority": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * hand a task out earlier or later
         * @description Permission `floor.run`: admin, warehouse.
         */
        post: operations["tasks.priority"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warehouses/{code}/tasks/{task}/reassign": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * take a task from whoever has it
         * @description Permission `floor.run`: admin, warehouse.
         */
        post: operations["tasks.reassign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Units that a pick face is to get. */
        AddReplenishment: {
            /** @description The pick face. */
            location: string;
            /**
             * Format: int32
             * @description 0 to 255; higher goes first.
             */
            priority?: number;
            /** @description What. */
            sku: string;
            /**
             * Format: int32
             * @description Units, 1 to 1000000.
             */
            units: number;
        };
        /** @description A postal address (VAL-04). */
        Address: {
            /** @description City. */
            city: string;
            /** @description ISO 3166-1 alpha-2 code; `PK` if left out. */
            country?: string | null;
            /** @description `residential` (the default) or `commercial`. */
            kind?: string | null;
            /** @description What the customer calls it, such as `home`. */
            label?: string | null;
            /** @description What to look for near it. */
            landmark?: string | null;
            /** @description House and street. */
            line1: string;
            /** @description Floor, block, area. */
            line2?: string | null;
            /** @description Who receives there. */
            name?: string | null;
            /** @description Phone of the receiver. */
            phone?: string | null;
            /** @description Postal code. */
            postcode?: string | null;
            /** @description Province or state. */
            province?: string | null;
        };
        /** @description A correction. */
        AdjustStock: {
            /**
             * Format: int64
             * @description Units to add, negative to take away.
             */
            delta: number;
            /** @description Why. */
            reason: string;
        };
        /** @description An answer by a signed link. */
        AnswerLink: {
            /** @description Why; needed for a no. */
            rationale?: string;
            /** @description The token of the link. */
            token: string;
        };
        /** @description Who is to look after a thread. */
        AssignConversation: {
            /** @description A user; `null` for whoever is free. */
            user_id?: string | null;
        };
        /** @description Units that are alike and in one place. */
        BinLine: {
            /** @description `good`, `damaged`, `quarantine`, `refurbish` or `scrap`. */
            condition: string;
            /**
             * Format: date
             * @description Until when.
             */
            expiry?: string | null;
            /** @description Of which lot. */
            lot?: string | null;
            /**
             * Format: int32
             * @description Units taken that the books did not have; an open question.
             */
            overdraw: number;
            /** @description On which plate. */
            plate?: string | null;
            /** @description Serial numbers among them. */
            serials: string[];
            /** @description What. */
            sku: string;
            /**
             * Format: int32
             * @description Units there are.
             */
            units: number;
        };
        /** @description Stock of one location. */
        BinView: {
            /** @description What it is for, if it is known. */
            kind?: string | null;
            /** @description What is there. */
            lines: components["schemas"]["BinLine"][];
            /** @description The location. */
            location: string;
        };
        /** @description A booking with a carrier. */
        BookParcel: {
            /** @description Carrier. */
            carrier: string;
            /** @description Tracking number. */
            tracking: string;
        };
        /** @description A cancellation. */
        CancelOrder: {
            /** @description Units to cancel; the whole order if left out. */
            lines?: components["schemas"]["LineUnits"][] | null;
            /** @description Why. */
            reason: string;
        };
        /** @description A sort of carton. */
        CartonKind: {
            /**
             * Format: int32
             * @description Weight of the empty carton in grams.
             */
            grams?: number;
            /** @description What it is called. */
            kind: string;
        };
        /** @description Units of a SKU in a scan. */
        ConfirmUnits: {
            /**
             * Format: int64
             * @description Units; 1 if left out.
             */
            quantity?: number | null;
            /** @description Stock-keeping unit scanned. */
            sku: string;
        };
        /** @description How a connection is doing. */
        ConnectionHealth: {
            /** @description `closed` (well), `open` (waits), `half_open` (tries) or `unauthorized`. */
            breaker: string;
            /**
             * Format: int64
             * @description Effects under way.
             */
            in_flight: number;
            /**
             * Format: int64
             * @description Journal entries after that.
             */
            lag: number;
            /** @description When a call last did not. */
            last_failure?: string | null;
            /** @description When a call last went through. */
            last_ok?: string | null;
            /** @description How that one ended. */
            last_outcome?: string | null;
            /** @description When the oldest of them was due. */
            oldest?: string | null;
            /**
             * Format: int64
             * @description Effects that wait to be sent.
             */
            planned: number;
            /**
             * Format: int64
             * @description Journal position up to which everything is planned.
             */
            position: number;
            /**
             * Format: int64
             * @description Effects of which nobody knows yet whether they were carried out.
             */
            unknown: number;
        };
        /** @description A connection. */
        ConnectionView: {
            /** @description Where it sends to; empty for the vendor's own address. */
            base_url: string;
            /** @description Channels it sends by. */
            channels: string[];
            /** @description When it was made. */
            created_at: string;
            /** @description Names of the credentials it has. */
            credentials: string[];
            /**
             * Format: int64
             * @description Dead letters that wait for a person.
             */
            dead: number;
            /** @description How it is doing. */
            health: components["schemas"]["ConnectionHealth"];
            /** @description The address to give to the vendor; for those who may change connections only. */
            hook_url?: string | null;
            /** @description Its id. */
            id: string;
            /** @description `live`, `practice` or `paused`. */
            mode: string;
            /** @description Name for people. */
            name: string;
            /** @description Why it is paused, if it was not a person. */
            paused_because?: string | null;
            /** @description What is wrong with its settings or credentials: it does not send until that is put right. */
            problem?: string | null;
            /** @description Settings that are no secret. */
            settings: Record<string, never>;
            /** @description Vendor. */
            vendor: string;
            /**
             * Format: int64
             * @description Version, also the ETag.
             */
            version: number;
        };
        /** @description A recorded consent. */
        ConsentView: {
            /** @description Whether it may be sent. */
            allowed: boolean;
            /** @description Since when. */
            at: string;
            /** @description `utility` or `marketing`. */
            category: string;
            /** @description Channel. */
            channel: string;
            /** @description How we know. */
            source: string;
        };
        /** @description An order in a thread. */
        ConversationOrder: {
            /** @description Its id. */
            id: string;
            /** @description Its number. */
            number: string;
        };
        /** @description A thread in a list. */
        ConversationRow: {
            /** @description Who looks after it. */
            assigned_to?: string | null;
            /** @description Whether somebody has to call. */
            call_due: boolean;
            /** @description Until when. */
            call_until?: string | null;
            /** @description The customer, if it is one. */
            customer_id?: string | null;
            /** @description Its id. */
            id: string;
            /** @description `en` or `ur`. */
            language?: string | null;
            /** @description When the person last wrote. */
            last_inbound_at?: string | null;
            /** @description Name of the person. */
            name: string;
            /** @description Whether a person has to look at it. */
            needs_agent: boolean;
            /**
             * Format: int64
             * @description Questions that wait for an answer.
             */
            open_questions: number;
            /** @description Numbers of the orders talked about last. */
            orders: string[];
            /** @description The user, if it is one. */
            user_id?: string | null;
            /** @description Why. */
            why?: string | null;
        };
        /** @description A thread. */
        ConversationView: {
            /** @description Who looks after it, if somebody has to. */
            assigned_to?: string | null;
            /** @description Consent as recorded last. */
            consent: components["schemas"]["ConsentView"][];
            /** @description The customer, if it is one. */
            customer_id?: string | null;
            /** @description Mail address, masked for those who may not see it. */
            email?: string | null;
            /** @description Its id. */
            id: string;
            /** @description `en` or `ur`. */
            language?: string | null;
            /** @description Name of the person. */
            name: string;
            /** @description Whether a person has to look at it. */
            needs_agent: boolean;
            /** @description Orders talked about: id and number, the latest first. */
            orders: components["schemas"]["ConversationOrder"][];
            /** @description Number, masked for those who may not see it. */
            phone?: string | null;
            /** @description Channels wanted, by kind of message. */
            preferences: {
                [key: string]: string[];
            };
            /** @description Questions, open ones and the latest ended ones. */
            questions: components["schemas"]["QuestionView"][];
            /** @description Channels that do not reach the person, with the vendor's code. */
            unreachable: {
                [key: string]: string;
            };
            /** @description The user, if it is one. */
            user_id?: string | null;
            /**
             * Format: int64
             * @description Version, also the ETag.
             */
            version: number;
            /** @description Why a person has to look at it. */
            why?: string | null;
            /** @description Whether free text may be sent by WhatsApp now. */
            window_open: boolean;
            /** @description Until when. */
            window_until?: string | null;
        };
        /** @description Thresholds of counts. */
        CountRules: {
            /**
             * Format: int32
             * @description Counts before a difference goes to a decision, 1 to 9.
             * @default 2
             */
            attempts: number;
            /**
             * @description Whether the books are hidden from the counter.
             * @default true
             */
            blind: boolean;
            /**
             * Format: int32
             * @description Movements during a count above which it is stale.
             * @default 50
             */
            max_movements: number;
            /**
             * Format: int32
             * @description Percent of the books that are accepted.
             * @default 0
             */
            tolerance_percent: number;
            /**
             * Format: int32
             * @description Units of difference that are accepted.
             * @default 0
             */
            tolerance_units: number;
        };
        /** @description A count. */
        CountStock: {
            /**
             * Format: int64
             * @description Version of the stock row when counting began: what moved since is applied on top.
             */
            at_version: number;
            /**
             * Format: int64
             * @description Units found on the shelf.
             */
            counted: number;
            /** @description Why it was counted. */
            reason: string;
        };
        /** @description A count that is not done. */
        CountTaskView: {
            /** @description Counts so far. */
            attempts: number;
            /** @description What made it necessary, by code; nothing for a planned one. */
            cause?: string | null;
            /**
             * Format: int64
             * @description Its number.
             */
            count: number;
            /** @description Where. */
            location: string;
            /** @description Only this item. */
            sku?: string | null;
            /** @description `open`, `recount` or `approval`. */
            state: string;
        };
        /** @description Counts that are not done, after one was opened. */
        CountTasks: {
            /** @description By number. */
            counts: components["schemas"]["CountTaskView"][];
        };
        /** @description A connection to make. */
        CreateConnection: {
            /** @description Where to send to; left out for the vendor's own address. */
            base_url?: string | null;
            /** @description Credentials by name. They are sealed, and never answered. */
            credentials?: {
                [key: string]: string;
            };
            /** @description Its id: 1 to 32 small letters, digits and `-`; part of the addresses vendors call. */
            id: string;
            /** @description `live`, `practice` or `paused`. */
            mode: string;
            /** @description Name for people. */
            name: string;
            /** @description Settings of the vendor that are no secret. */
            settings?: Record<string, never>;
            /** @description `twilio`, `meta`, `smtp`, `webhook`, `slack` or `teams`. */
            vendor: string;
        };
        /** @description A customer to make. */
        CreateCustomer: {
            /** @description Addresses. */
            addresses?: components["schemas"]["Address"][];
            /** @description E-mail addresses, each unique in the shop. */
            emails?: string[];
            /** @description Language of messages, such as `en` or `ur`. */
            language?: string | null;
            /** @description Name. */
            name: string;
            /** @description Phones, each unique in the shop; local forms such as `0300 1234567` are understood. */
            phones?: string[];
            /** @description Keywords. */
            tags?: string[];
            /** @description Tier. */
            tier?: string | null;
            /** @description `retail` (the default), `wholesale`, `vip`, `corporate` or `government`. */
            type?: string | null;
        };
        /** @description An order to make. */
        CreateOrder: {
            billing_address?: null | components["schemas"]["Address"];
            /** @description `online` (the default), `offline`, `b2b_portal`, `mobile`, `social` or `marketplace`. */
            channel?: string | null;
            /** @description ISO 4217 code; the shop's currency if left out. */
            currency?: string | null;
            customer?: null | components["schemas"]["InlineCustomer"];
            /** @description Existing customer; or give `customer`. */
            customer_id?: string | null;
            /** @description 1 to 500 lines. */
            lines: components["schemas"]["OrderLineInput"][];
            /** @description Delivery instructions. */
            note?: string | null;
            /** @description `cod`, `prepaid` or `terms`. */
            payment_method: string;
            /** @description The customer's purchase order number. */
            po_number?: string | null;
            /** @description `low`, `normal` (the default), `high` or `critical`. */
            priority?: string | null;
            /** @description Where it came from, in words of the source. */
            reference?: string | null;
            /** @description Whether everything goes in one shipment or nothing does. */
            ship_complete?: boolean;
            /** @description Where it goes. */
            shipping_address: components["schemas"]["Address"];
            /** @description Delivery charge in the order's currency. */
            shipping_fee?: string | null;
            /** @description Place it at once. If it cannot be placed, nothing is kept. */
            submit?: boolean;
            /** @description Keywords. */
            tags?: string[];
            /** @description `regular` (the default), `recurring`, `subscription`, `rush`, `emergency` or `sample`. */
            type?: string | null;
        };
        /** @description A product to make. */
        CreateProduct: {
            /** @description Everything else. */
            details: components["schemas"]["ProductDetails"];
            /** @description Stock-keeping unit, 1 to 64 characters. */
            sku: string;
        };
        /** @description A user to make. `Debug` hides the password. */
        CreateUser: {
            /** @description Sign-in address, unique. */
            email: string;
            /** @description Name as shown. */
            name: string;
            /** @description 10 to 200 characters. */
            password: string;
            /** @description At least one of admin, sales_manager, finance, customer_service, warehouse, viewer. */
            roles: string[];
        };
        /** @description Credit terms (VAL-02). `null` instead of this takes credit away. */
        CreditTerms: {
            /**
             * Format: int64
             * @description Days until an order is due.
             */
            days: number;
            /** @description Most that may be owed. */
            limit: components["schemas"]["Money"];
        };
        /** @description What a customer owes and may still owe. */
        CreditView: {
            available?: null | components["schemas"]["Money"];
            exposure?: null | components["schemas"]["Money"];
            terms?: null | components["schemas"]["CreditTerms"];
        };
        /** @description A customer in a list. */
        CustomerRow: {
            /** @description E-mail addresses. */
            emails: string[];
            /** @description Customer id. */
            id: string;
            /** @description Name. */
            name: string;
            /** @description Phones in E.164. */
            phones: string[];
            /** @description State of the account. */
            state: string;
            /** @description Tier. */
            tier: string;
            /** @description Type. */
            type: string;
        };
        /** @description A customer. Phones and addresses of e-mail are masked for roles that do not need them (SEC-06). */
        CustomerView: {
            /** @description Addresses. */
            addresses: components["schemas"]["Address"][];
            /** @description Why it is blocked, if it is. */
            blocked?: string | null;
            /** @description Credit. */
            credit: components["schemas"]["CreditView"];
            /** @description E-mail addresses. */
            emails: string[];
            /** @description Customer id. */
            id: string;
            /** @description Language of messages. */
            language: string;
            /** @description Name. */
            name: string;
            /** @description Phones in E.164. */
            phones: string[];
            /** @description State of the account: `active`, `blocked`, `merged` or `erased`. */
            state: string;
            /** @description Keywords. */
            tags: string[];
            /** @description Tier. */
            tier: string;
            /** @description Type. */
            type: string;
            /**
             * Format: int64
             * @description Version, also the ETag.
             */
            version: number;
        };
        /** @description The home page's figures. */
        Dashboard: {
            /** @description Orders of these days by display status. */
            by_status: {
                [key: string]: number;
            };
            /** @description Days, oldest first, today last; also those without an order. */
            days: components["schemas"]["DashboardDay"][];
            /** @description The floor, of the warehouse asked for or of all. */
            floor: components["schemas"]["DashboardFloor"];
            /** @description SKUs at or below their low level, lowest first, at most 50. */
            low_stock: components["schemas"]["LowStock"][];
            /**
             * Format: int64
             * @description How many there are in all.
             */
            low_stock_count: number;
            /**
             * Format: int64
             * @description Approval steps that wait for a decision.
             */
            open_approvals: number;
            /**
             * Format: int64
             * @description Journal position the figures reflect.
             */
            seq: number;
            /** @description IANA zone of the days. */
            time_zone: string;
        };
        /** @description Orders placed on one day. */
        DashboardDay: {
            /** @description `2026-01-31`. */
            date: string;
            /**
             * Format: int64
             * @description Orders placed, those that ended early included.
             */
            orders: number;
            /** @description What they came to, by currency, without those canceled, rejected or expired. */
            value: {
                [key: string]: string;
            };
        };
        /** @description What happens on the floor. */
        DashboardFloor: {
            /**
             * Format: int64
             * @description Exceptions that nobody has closed.
             */
            open_exceptions: number;
            /**
             * Format: int64
             * @description Tasks that are not done.
             */
            open_tasks: number;
            /** @description Scans of devices in each of the last 60 minutes, oldest first. */
            scans_per_minute: components["schemas"]["ScanMinute"][];
        };
        /** @description What a person did about a dead letter. */
        DeadAction: {
            /** @description When. */
            at: string;
            /** @description Who. */
            by: string;
            /** @description Why. */
            reason?: string | null;
            /** @description What: `edited`, `replayed` or `discarded`. */
            what: string;
        };
        /** @description Something that was given up and waits for a person. */
        DeadView: {
            /** @description What the vendor answered, without secrets and personal data. */
            answer: string;
            /** @description When it was given up. */
            at: string;
            /**
             * Format: int32
             * @description Calls made.
             */
            attempts: number;
            /**
             * Format: int64
             * @description Journal position it follows from.
             */
            caused_by?: number | null;
            /** @description A stable code, the vendor's where it has one. */
            class: string;
            /** @description The connection. */
            connection: string;
            /** @description The conversation it belongs to. */
            conversation?: string | null;
            /** @description Until when it is worth sending. */
            expires_at?: string | null;
            /** @description What to do about it. */
            hint: string;
            /** @description What was done about it before; for one dead letter only. */
            history: components["schemas"]["DeadAction"][];
            /** @description Its id. */
            id: string;
            /** @description `message`, `webhook`, `note` or `delivery`. */
            kind: string;
            /** @description Whether it can be replayed. */
            replayable: boolean;
            /** @description Values that can be changed before it is replayed, as they would be sent; for one dead letter only. */
            values: Record<string, never>;
        };
        /** @description A decision by a one-time link. */
        DecideAnswer: {
            /** @description `yes` or `no`. */
            choice: string;
            /** @description Why; needed for a no. */
            reason?: string;
        };
        /** @description A line of an order that waits for a decision. */
        DecideLine: {
            /**
             * Format: int32
             * @description Units.
             */
            quantity: number;
            /** @description Title. */
            title: string;
        };
        /** @description What a one-time link asks an approver to decide. */
        DecideView: {
            /** @description `yes` or `no`, once it is answered. */
            answer?: string | null;
            /** @description Who is asked. */
            approver: string;
            /** @description When it was asked. */
            asked_at: string;
            /** @description What the link says: `yes` or `no`. */
            choice: string;
            /** @description Whose order it is. */
            customer: string;
            /** @description Until when it can be answered. */
            expires_at: string;
            /** @description `en` or `ur`. */
            language: string;
            /** @description What is in it, as it is decided about; nothing once it is another version. */
            lines: components["schemas"]["DecideLine"][];
            /** @description Number of the order. */
            number: string;
            /** @description What became of the answer: `done`, or why it was not taken; nothing while that is not known. */
            outcome?: string | null;
            /** @description How it is paid. */
            payment_method?: string | null;
            /** @description The queue it waits in. */
            queue: string;
            /** @description The shop. */
            shop: string;
            /** @description `open`, `answered`, `expired`, or `closed`: the order changed, or somebody else decided. */
            state: string;
            /** @description What it is worth: the currency's code and the amount. */
            total: string;
        };
        /** @description A delivery recorded by hand. */
        DeliverOrder: {
            /**
             * Format: int32
             * @description Parcel number; every parcel under way if left out.
             */
            parcel?: number | null;
        };
        /** @description What a device is after enrolling. `Debug` hides it. */
        DeviceEnrolled: {
            /** @description Name of the device; `client` of its `hello`. */
            device: string;
            /**
             * Format: int64
             * @description Seconds that the token lives.
             */
            expires_in: number;
            /**
             * Format: int32
             * @description Number of the enrolment; `gen` of its `hello`. Older ones are no longer heard.
             */
            generation: number;
            /** @description What the device gets tokens with; shown now and never again. */
            key: string;
            /** @description A first token. */
            token: string;
            /** @description Code of the warehouse. */
            warehouse: string;
        };
        /** @description A device and the code that enrols it, which works once and is shown this once. */
        DeviceInvitation: {
            /** @description The one-time code, to be keyed in. */
            code: string;
            /** @description The device. */
            device: components["schemas"]["DeviceView"];
            /** @description Until when it works. */
            expires: string;
        };
        /** @description A device's key. `Debug` hides it. */
        DeviceKey: {
            /** @description As enrolling answered it. */
            key: string;
        };
        /** @description A token for `hello`. `Debug` hides it. */
        DeviceToken: {
            /**
             * Format: int64
             * @description Seconds that it lives.
             */
            expires_in: number;
            /** @description The token. */
            token: string;
        };
        /** @description A device of the site. */
        DeviceView: {
            /** @description Its id. */
            device: string;
            /** @description Truck, trolley or ring scanner. */
            equipment?: string | null;
            /**
             * Format: int32
             * @description Number of its enrolment; 0 before the first.
             */
            generation: number;
            /** @description Until when its one-time code works, if one is out. */
            invited_until?: string | null;
            /** @description What people call it. */
            label: string;
            /** @description User who works on it. */
            operator?: string | null;
            /** @description When it was last heard. */
            seen?: string | null;
            /**
             * Format: int64
             * @description The last command number decided.
             */
            seq: number;
            /** @description `invited`, `enrolled` or `revoked`. */
            state: string;
        };
        /** @description What a check found. */
        DoctorResult: {
            /** @description When it ended. */
            at: string;
            /**
             * Format: int64
             * @description Documents compared with the fold of their events.
             */
            documents: number;
            /**
             * Format: int64
             * @description Journal entries read.
             */
            entries: number;
            /** @description Why it could not be carried out, if so. */
            failure?: string | null;
            /**
             * Format: int64
             * @description Journal position up to which it looked.
             */
            head: number;
            /**
             * Format: int64
             * @description How much is wrong.
             */
            problem_count: number;
            /** @description What is wrong, the first 200 of it. */
            problems: string[];
            /**
             * Format: int64
             * @description Seconds it took.
             */
            seconds: number;
        };
        /** @description The checker. */
        DoctorStatus: {
            last?: null | components["schemas"]["DoctorResult"];
            /** @description Whether a check is under way. */
            running: boolean;
            /** @description Since when. */
            since?: string | null;
        };
        /** @description What to change of a dead letter before it is replayed. */
        EditDead: {
            /** @description Until when it is worth sending, as RFC 3339; one hour from now if it is past and this is left out. */
            expires_at?: string | null;
            /** @description Why. */
            reason?: string | null;
            /** @description Other values by name, in place of those in `values` of the dead letter. */
            values?: Record<string, never>;
        };
        /** @description The one-time code of an invitation. `Debug` hides it. */
        EnrolDevice: {
            /** @description As the invitation shows it; it works once. */
            code: string;
        };
        /** @description A disagreement between floor and books. */
        ExceptionView: {
            /** @description What it is about: `doc`, `plate`, `bin`, `sku`, `units` and so on. */
            about: {
                [key: string]: string;
            };
            /** @description What is wrong, by code. */
            code: string;
            /** @description The device that met it. */
            device: string;
            /**
             * Format: int64
             * @description Its number.
             */
            exception: number;
            /** @description Whether the device had no connection then. */
            offline: boolean;
            /** @description The user who met it. */
            operator: string;
            /** @description When it was done. */
            performed_at: string;
            /** @description When it was recorded. */
            recorded_at: string;
            /** @description The same in words. */
            text: string;
        };
        /** @description A return that is announced. */
        ExpectFloorReturn: {
            /** @description When it can no longer be accepted; RFC 3339. */
            expires?: string | null;
            /** @description What may come back. */
            lines: components["schemas"]["FloorReturnLine"][];
            /** @description Number of the order. */
            order: string;
            /** @description Tracking number of the parcel it comes in. */
            tracking?: string | null;
        };
        /** @description Goods that are expected: a purchase order, an announcement of plates, or a blind receipt. */
        ExpectReceipt: {
            /** @description Whether one device at a time may work on it. */
            exclusive?: boolean;
            /** @description `order`, `announced` (with `plates`) or `blind` (without `lines`). */
            kind: string;
            /** @description What was ordered. */
            lines?: components["schemas"]["ReceiptLine"][];
            /** @description What is on each announced plate, by its number. */
            plates?: {
                [key: string]: components["schemas"]["PlateGoods"][];
            };
        };
        /** @description A decision that was taken. */
        FloorDecided: {
            /**
             * Format: int64
             * @description Its number.
             */
            decision: number;
            /** @description Decisions still open at the site. */
            open: number;
        };
        /** @description What waits for somebody to decide. */
        FloorDecisionView: {
            /** @description What it is about: `receipt`, `plate`, `location`, `count`, `load`. */
            about: {
                [key: string]: string;
            };
            /**
             * Format: int64
             * @description Its number.
             */
            decision: number;
            /** @description Differences of units. */
            deltas: components["schemas"]["StockDeltaView"][];
            /** @description The device it comes from. */
            device: string;
            /** @description `over_receipt`, `variance`, `late` or `missing_pieces`. */
            kind: string;
            /** @description The user it comes from, who cannot decide it. */
            operator: string;
            /** @description When it was done. */
            performed_at: string;
        };
        /** @description What the floor must know of an item. */
        FloorItemRule: {
            /** @description Whether labels carry a weight. */
            catch_weight?: boolean;
            /** @description Whether every unit has an expiry date. */
            expiry?: boolean;
            /** @description Class of dangerous goods. */
            hazmat?: string | null;
            /** @description Whether every unit has a lot. */
            lot?: boolean;
            /**
             * Format: int32
             * @description Days that must be left on arrival.
             */
            min_shelf_days?: number;
            /** @description Its barcodes. */
            packs?: components["schemas"]["PackLevel"][];
            /** @description Whether every unit has a serial number. */
            serial?: boolean;
            /** @description The item. */
            sku: string;
            /** @description Temperature class it needs; empty for that of the building. */
            temperature?: string;
            /**
             * Format: int32
             * @description Volume of a unit in cubic centimetres.
             */
            unit_cm3?: number;
            /**
             * Format: int32
             * @description Weight of a unit in grams.
             */
            unit_grams?: number;
            /** @description Zone it belongs in; empty for any. */
            zone?: string;
        };
        /** @description A location: bin, dock, stage, table, door, tote. */
        FloorLocation: {
            /** @description Why nothing may be put there. */
            blocked?: string | null;
            /** @description Digits an operator reads out to prove being there. */
            check_digits?: string | null;
            /** @description Its code, as on the label: letters, digits, `-`, `_`, `.`. */
            code: string;
            /** @description GLN with extension, if its label carries one. */
            gln?: string | null;
            /** @description Classes of dangerous goods allowed there. */
            hazmat?: string[];
            /** @description `dock`, `stage`, `reserve`, `pick_face`, `returns`, `quarantine`, `pack`, `door` or `tote`. */
            kind: string;
            /**
             * Format: int64
             * @description Most volume in cubic centimetres.
             */
            max_cm3?: number | null;
            /**
             * Format: int64
             * @description Most weight in grams.
             */
            max_grams?: number | null;
            /**
             * Format: int32
             * @description Most units; no limit if left out.
             */
            max_units?: number | null;
            /** @description Whether several items may be there. */
            mix_items?: boolean;
            /** @description Whether several lots of one item may be there. */
            mix_lots?: boolean;
            /** @description Temperature class it keeps; empty for that of the building. */
            temperature?: string;
            /** @description Zone; empty for none. */
            zone?: string;
        };
        /** @description Locations as they are now. */
        FloorLocations: {
            /** @description In the order of the request. */
            locations: components["schemas"]["FloorLocation"][];
        };
        /** @description Goods that may come back, one line of an order. */
        FloorReturnLine: {
            /**
             * Format: int32
             * @description Line of the order.
             */
            line: number;
            /**
             * Format: int32
             * @description Units that came back; of a request it is not read.
             */
            returned?: number;
            /** @description Serial numbers that were shipped. */
            serials?: string[];
            /**
             * Format: int32
             * @description Units that were shipped.
             */
            shipped: number;
            /** @description What. */
            sku: string;
        };
        /** @description A return that was announced. */
        FloorReturnView: {
            /** @description Whether it is closed. */
            closed: boolean;
            /** @description When it can no longer be accepted. */
            expires?: string | null;
            /** @description What may come back, and what did. */
            lines: components["schemas"]["FloorReturnLine"][];
            /** @description Number of the order. */
            order: string;
            /** @description Its number. */
            return: string;
            /** @description Tracking number of the parcel it comes in. */
            tracking?: string | null;
        };
        /** @description A site and its rules. */
        FloorSite: {
            /** @description Cartons to pack into; empty for any. */
            cartons?: components["schemas"]["CartonKind"][];
            /** @description The warehouse; that of the path if left out. */
            code?: string;
            /** @description GS1 company prefix, 6 to 12 digits; empty if the site has none. */
            company_prefix?: string;
            /** @description Counting. */
            count?: components["schemas"]["CountRules"];
            /** @description Whether a receipt names its dock. */
            dock_required?: boolean;
            /** @description The oldest version of the devices' program that may work here; empty for any. */
            oldest_app?: string;
            /**
             * Format: int32
             * @description Percent above the order that a receipt may have without a decision.
             */
            over_receipt_percent?: number;
            /** @description Location where a receipt stands that names no dock. */
            receiving: string;
            /**
             * Format: int32
             * @description Days before a plate number may be used again.
             */
            sscc_reuse_days?: number;
            /**
             * Format: int32
             * @description Minutes local time is ahead of UTC; decides what day it is.
             */
            utc_offset_minutes?: number;
            /** @description Whether cartons are weighed. */
            weigh?: boolean;
            /**
             * Format: int32
             * @description Percent by which a carton's weight may be off.
             */
            weight_tolerance_percent?: number;
        };
        /** @description A hold. */
        HoldOrder: {
            /** @description When it ends by itself, RFC 3339. */
            expires_at?: string | null;
            /** @description `manual`, `payment`, `stock`, `address`, `credit`, `risk`, `cod_unconfirmed`, `compliance` or `channel`. */
            kind: string;
            /** @description Why. */
            reason: string;
        };
        /** @description A hold on an order (SM-03). */
        HoldView: {
            /** @description When it ends by itself. */
            expires_at?: string | null;
            /**
             * Format: int32
             * @description Number on the order.
             */
            hold: number;
            /** @description Kind. */
            kind: string;
            /** @description Why. */
            reason: string;
            /** @description Since when. */
            since: string;
        };
        /** @description Why an import failed as a whole. */
        ImportFailure: {
            /** @description Stable code. */
            code: string;
            /** @description In words. */
            detail: string;
        };
        /** @description An import: what it is of and how far it is. Also the row of the topic `imports`. */
        ImportView: {
            /** @description User who sent it. */
            by: string;
            /**
             * Format: int64
             * @description Records taken.
             */
            changed: number;
            /**
             * Format: int64
             * @description Records of the stage that were handled.
             */
            done: number;
            /** @description Whether there is an error file to fetch. */
            error_file: boolean;
            /**
             * Format: int64
             * @description Rows not taken; they stand in the error file.
             */
            errors: number;
            failure?: null | components["schemas"]["ImportFailure"];
            /** @description Name of the file as it was sent. */
            file: string;
            /** @description When it ended. */
            finished_at?: string | null;
            /** @description Import id. */
            id: string;
            /** @description `products`, `customers`, `stock` or `orders`. */
            kind: string;
            /** @description `native`, `shopify` or `online-retail`. */
            layout: string;
            /**
             * Format: int64
             * @description Records of the stage.
             */
            of: number;
            /** @description When the file was received, RFC 3339. */
            queued_at: string;
            /**
             * Format: int64
             * @description Data rows of the file; 0 until it was read.
             */
            rows: number;
            /**
             * Format: int64
             * @description Rows without anything to take.
             */
            skipped: number;
            /** @description What is being taken now, such as `products` or `orders`. */
            stage?: string | null;
            /** @description When it began to be taken. */
            started_at?: string | null;
            /** @description `queued`, `running`, `done`, `failed` or `stopped`. */
            state: string;
            /**
             * Format: int64
             * @description Records that were there already.
             */
            unchanged: number;
            /** @description Warehouse of rows that name none. */
            warehouse?: string | null;
        };
        /** @description A customer made together with an order, found again by phone or e-mail. */
        InlineCustomer: {
            /** @description E-mail. */
            email?: string | null;
            /** @description Name. */
            name: string;
            /** @description Phone. */
            phone: string;
            /** @description Type, `retail` if left out. */
            type?: string | null;
        };
        /** @description An invitation to enrol a device. */
        InviteDevice: {
            /** @description What people call it. */
            label: string;
            /**
             * Format: int64
             * @description How long the code works, 1 to 1440; an hour if left out.
             */
            minutes?: number;
        };
        /** @description The one writer of the journal, since the start. */
        LaneStatus: {
            /**
             * Format: int64
             * @description Batches committed.
             */
            batches: number;
            /**
             * Format: int64
             * @description How long the oldest entry waits that is not being written yet, in milliseconds.
             */
            delay_ms: number;
            /**
             * Format: int64
             * @description Entries in them.
             */
            entries: number;
            /**
             * Format: double
             * @description How long the last commit took, in milliseconds.
             */
            last_commit_ms: number;
        };
        /** @description Where the units of a line are (SM-01). Their sum is what was ordered. */
        LineQuantities: {
            /**
             * Format: int32
             * @description Firm in a warehouse.
             */
            allocated: number;
            /**
             * Format: int32
             * @description Accepted without stock.
             */
            backordered: number;
            /**
             * Format: int32
             * @description Canceled before it left.
             */
            canceled: number;
            /**
             * Format: int32
             * @description Delivered.
             */
            delivered: number;
            /**
             * Format: int32
             * @description With the carrier.
             */
            in_transit: number;
            /**
             * Format: int32
             * @description Lost.
             */
            lost: number;
            /**
             * Format: int32
             * @description Nothing held.
             */
            open: number;
            /**
             * Format: int32
             * @description In a packed parcel.
             */
            packed: number;
            /**
             * Format: int32
             * @description In a parcel being picked.
             */
            picking: number;
            /**
             * Format: int32
             * @description Held in a warehouse, may expire.
             */
            reserved: number;
            /**
             * Format: int32
             * @description Came back.
             */
            returned: number;
            /**
             * Format: int32
             * @description Coming back undelivered.
             */
            rto_pending: number;
        };
        /** @description Units of a line. */
        LineUnits: {
            /**
             * Format: int32
             * @description Line number.
             */
            line: number;
            /**
             * Format: int64
             * @description Units.
             */
            quantity: number;
        };
        /** @description Another warehouse for a line (LIN-08). */
        LineWarehouse: {
            /** @description Why. */
            reason: string;
            /** @description Code of the warehouse that is to hold all units of the line that are not on the floor. */
            warehouse: string;
        };
        /** @description What was decided by a link. */
        LinkAnswered: {
            /** @description What was asked: `approval`. */
            about: string;
            /** @description `yes` or `no`. */
            choice: string;
            /** @description Number of that order. */
            number: string;
            /** @description Order it is about. */
            order_id: string;
        };
        /** @description A load. */
        LoadView: {
            /** @description After this it leaves no more. */
            cutoff?: string | null;
            /**
             * Format: int64
             * @description The decision it waits for.
             */
            decision?: number | null;
            /** @description When it left. */
            departed?: string | null;
            /** @description The device that loads it. */
            device?: string | null;
            /** @description The door it leaves from. */
            door: string;
            /** @description Parcels that may stay behind. */
            left_behind: string[];
            /** @description Its number. */
            load: string;
            /** @description Plates on it. */
            loaded: string[];
            /** @description Its seal. */
            seal?: string | null;
            /** @description Whether it needs a seal. */
            seal_required: boolean;
            /** @description `planned`, `loading`, `verified` or `departed`. */
            state: string;
            /** @description Parcels (`order/number`) by stop, in the order in which they are unloaded. */
            stops: string[][];
        };
        /** @description A lot of an item. */
        LotView: {
            /** @description The expiry date it was first seen with. */
            expiry?: string | null;
            /** @description Its number. */
            lot: string;
            /** @description Of which item. */
            sku: string;
            /** @description `released`, `on_hold` or `recalled`. */
            status: string;
        };
        /** @description A SKU that runs low. */
        LowStock: {
            /**
             * Format: int32
             * @description Units that may be promised.
             */
            available: number;
            /**
             * Format: int32
             * @description Level at which it counts as low.
             */
            low: number;
            /** @description SKU. */
            sku: string;
            /** @description Warehouse. */
            warehouse: string;
        };
        /** @description The signed-in user. */
        Me: {
            /** @description Sign-in address. */
            email: string;
            /** @description User id. */
            id: string;
            /** @description Name as shown. */
            name: string;
            /** @description What the roles permit. */
            permissions: string[];
            /** @description Roles. */
            roles: string[];
        };
        /** @description Words for whoever works at a device. */
        MessageDevice: {
            /** @description 1 to 500 characters. */
            text: string;
        };
        /** @description An amount in a currency. */
        Money: {
            /**
             * @description Decimal text in major units, never finer than the currency's minor unit.
             * @example 1500.00
             */
            amount: string;
            /**
             * @description ISO 4217 code.
             * @example PKR
             */
            currency: string;
        };
        /** @description One movement of on-hand stock (INV-11). */
        MovementView: {
            /** @description When. */
            at?: string | null;
            /** @description Id of the user who did it, where the journal names one; on a floor that is the operator of the scanner. */
            by?: string | null;
            /** @description What caused it. */
            cause: string;
            /** @description Condition that changed. */
            condition: string;
            /**
             * Format: int64
             * @description Units, negative for out.
             */
            delta: number;
            /** @description Order it was for. */
            order?: string | null;
            /** @description Reason given. */
            reason?: string | null;
            /**
             * Format: int64
             * @description Version of the warehouse that moved it.
             */
            version: number;
        };
        /** @description A place or an item to count. */
        OpenCount: {
            /** @description Where; every location that has the item if left out. */
            location?: string | null;
            /** @description What; everything there if left out. */
            sku?: string | null;
        };
        /** @description What a change left open. */
        OpenExceptions: {
            /** @description Exceptions still open at the site. */
            open: number;
        };
        /** @description A warehouse to open. */
        OpenWarehouse: {
            address?: null | components["schemas"]["Address"];
            /** @description Short code: letters, digits, `-`, `_`. */
            code: string;
            /** @description Name. */
            name: string;
        };
        /** @description An operator as the office sees them. */
        OperatorView: {
            /** @description Text of the badge. */
            badge: string;
            /** @description The device they are signed on at. */
            device?: string | null;
            /** @description Whether wrong PINs locked the badge. */
            locked: boolean;
            /** @description Name on screens. */
            name: string;
            /** @description What they may do here. */
            rights: string[];
            /** @description The user. */
            user: string;
        };
        /** @description Approval of an order (SM-17). */
        OrderApproval: {
            /** @description Hash of the edition asked about: what an approver signs. */
            hash: string;
            /** @description State of the latest request. */
            state: string;
            /** @description Its steps. */
            steps: components["schemas"]["OrderApprovalStep"][];
            /** @description Why approval was asked for. */
            trace: string[];
        };
        /** @description One step of an order's approval. */
        OrderApprovalStep: {
            /** @description Queue it stands in. */
            queue: string;
            /** @description Role that decides. */
            role: string;
            /** @description State of SM-18. */
            state: string;
            /** @description Step id, for `/approvals/{queue}/{step}`. */
            step: string;
        };
        /** @description The customer of an order as known when it was placed (ORD-02). */
        OrderCustomer: {
            /** @description E-mail. */
            email?: string | null;
            /** @description Customer id. */
            id: string;
            /** @description Name. */
            name: string;
            /** @description Phone. */
            phone?: string | null;
            /** @description Tier. */
            tier: string;
            /** @description Type. */
            type: string;
        };
        /** @description One line of an order. */
        OrderLine: {
            /** @description Discount on the line. */
            discount: string;
            /**
             * Format: int32
             * @description Line number.
             */
            line: number;
            /** @description Instructions. */
            note?: string | null;
            /** @description Where the units are. */
            quantities: components["schemas"]["LineQuantities"];
            /**
             * Format: int32
             * @description Units ordered.
             */
            quantity: number;
            /** @description What is ordered. */
            sku: string;
            /** @description Tax in or on it. */
            tax: string;
            /** @description Title when it was ordered. */
            title: string;
            /** @description What the customer pays for the line. */
            total: string;
            /** @description Price of a unit. */
            unit_price: string;
            /** @description Warehouse that holds it, or that was asked for. */
            warehouse?: string | null;
        };
        /** @description One line of an order to make or edit. */
        OrderLineInput: {
            /** @description Discount on the line in the order's currency. */
            discount?: string | null;
            /**
             * Format: int32
             * @description Line number to keep when editing; new lines leave it out.
             */
            line?: number | null;
            /** @description Instructions. */
            note?: string | null;
            /**
             * Format: int64
             * @description Whole number from 1.
             */
            quantity: number;
            /** @description What is ordered. */
            sku: string;
            /** @description Price of a unit in the order's currency; the catalogue's if left out. */
            unit_price?: string | null;
            /** @description Warehouse to take it from. */
            warehouse?: string | null;
        };
        /** @description A parcel of an order. */
        OrderParcel: {
            /** @description Carrier. */
            carrier?: string | null;
            /** @description State at the carrier (SM-08), once booked. */
            carrier_state?: string | null;
            /**
             * Format: int32
             * @description Number within the order.
             */
            number: number;
            /** @description State on the floor (SM-07). */
            state: string;
            /** @description Tracking number. */
            tracking?: string | null;
            /** @description Warehouse it leaves from. */
            warehouse: string;
        };
        /** @description An order in a list. */
        OrderRow: {
            /** @description When it was placed or made. */
            at?: string | null;
            /** @description What else a person should see. */
            badges: string[];
            /** @description Channel. */
            channel?: string | null;
            /** @description Currency. */
            currency?: string | null;
            /** @description Customer id. */
            customer?: string | null;
            /** @description Name of the customer. */
            customer_name?: string | null;
            /** @description Order id. */
            id: string;
            /** @description Order number. */
            number?: string | null;
            /** @description Priority. */
            priority?: string | null;
            /** @description Display status. */
            status: string;
            /** @description Keywords. */
            tags: string[];
            /** @description What the customer pays. */
            total?: string | null;
            /**
             * Format: int64
             * @description Version.
             */
            version: number;
        };
        /** @description Money of an order. */
        OrderTotals: {
            /** @description Currency of all of them. */
            currency: string;
            /** @description Line discounts. */
            discount: string;
            /** @description Delivery charge. */
            shipping: string;
            /** @description Unit prices times quantities. */
            subtotal: string;
            /** @description Taxes, contained or added. */
            tax: string;
            /** @description What the customer pays. */
            total: string;
        };
        /** @description An order. */
        OrderView: {
            approval?: null | components["schemas"]["OrderApproval"];
            /**
             * Format: int64
             * @description Journal position as of which this is, if one was asked for; it has no ETag then.
             */
            as_of?: number | null;
            /** @description What else a person should see. */
            badges: string[];
            billing_address?: null | components["schemas"]["Address"];
            /** @description Channel. */
            channel: string;
            /** @description When the draft was made. */
            created_at?: string | null;
            /** @description Customer when it was placed. */
            customer: components["schemas"]["OrderCustomer"];
            /**
             * Format: int32
             * @description Number of the content.
             */
            edition: number;
            /** @description Open holds. */
            holds: components["schemas"]["HoldView"][];
            /** @description Order id. */
            id: string;
            /** @description Lifecycle of SM-02. */
            lifecycle: string;
            /** @description Lines. */
            lines: components["schemas"]["OrderLine"][];
            /** @description Commands that the order's state has a row for. */
            next_actions: string[];
            /** @description Delivery instructions. */
            note?: string | null;
            /** @description Order number, once submitted. */
            number?: string | null;
            /** @description Parcels. */
            parcels: components["schemas"]["OrderParcel"][];
            /** @description Payment method. */
            payment_method: string;
            /** @description When it was placed. */
            placed_at?: string | null;
            placement_refused?: null | components["schemas"]["PlacementRefused"];
            /** @description Purchase order number. */
            po_number?: string | null;
            /** @description Priority. */
            priority: string;
            /** @description Reference. */
            reference?: string | null;
            /** @description Whether everything goes in one shipment. */
            ship_complete: boolean;
            /** @description Where it goes. */
            shipping_address: components["schemas"]["Address"];
            /** @description Display status (state machines, section 9). */
            status: string;
            /** @description Keywords. */
            tags: string[];
            /** @description Money. */
            totals: components["schemas"]["OrderTotals"];
            /** @description Type. */
            type: string;
            /**
             * Format: int64
             * @description Version, also the ETag.
             */
            version: number;
        };
        /** @description A GTIN of an item and the units of its packaging. */
        PackLevel: {
            /** @description GTIN of 14 digits. */
            gtin: string;
            /**
             * Format: int32
             * @description Units in it; `null` while nobody knows.
             */
            units?: number | null;
        };
        /** @description A packed parcel. */
        PackParcel: {
            /**
             * Format: int64
             * @description Weight in grams.
             */
            weight_grams: number;
        };
        /** @description One SKU of a parcel. */
        ParcelLine: {
            /**
             * Format: int32
             * @description Line of the order.
             */
            line: number;
            /**
             * Format: int32
             * @description Units picked.
             */
            picked: number;
            /**
             * Format: int32
             * @description Units to pick.
             */
            quantity: number;
            /** @description Stock-keeping unit. */
            sku: string;
        };
        /** @description A parcel on the floor. */
        ParcelView: {
            /** @description Carrier, once booked. */
            carrier?: string | null;
            /** @description Why it must not leave, if it must not. */
            held?: string | null;
            /** @description What goes in. */
            lines: components["schemas"]["ParcelLine"][];
            /** @description How it leaves: `courier`, `pickup` or `counter`. */
            method: string;
            /**
             * Format: int32
             * @description Number within the order.
             */
            number: number;
            /** @description Order id. */
            order: string;
            /** @description Who picks it. */
            picker?: string | null;
            /** @description State of SM-07. */
            state: string;
            /** @description Tracking number, once booked. */
            tracking?: string | null;
            /**
             * Format: int64
             * @description Version of the warehouse.
             */
            version: number;
            /** @description Warehouse code. */
            warehouse: string;
            /**
             * Format: int32
             * @description Weight in grams, once packed.
             */
            weight_grams?: number | null;
        };
        /** @description What to change of a connection; what is left out stays. */
        PatchConnection: {
            /** @description Where to send to; empty for the vendor's own address. */
            base_url?: string | null;
            /** @description Credentials to set; an empty text takes one away. */
            credentials?: {
                [key: string]: string;
            };
            /** @description `live`, `practice` or `paused`. */
            mode?: string | null;
            /** @description Name for people. */
            name?: string | null;
            /** @description Why, for the journal. */
            reason?: string | null;
            /** @description Whether the secret part of the address that the vendor calls becomes another one. */
            rotate_hook?: boolean;
            /** @description Settings to set; `null` takes one away. */
            settings?: Record<string, never>;
        };
        /** @description What to change about a customer; what is left out stays. */
        PatchCustomer: {
            /** @description All addresses from here on. */
            addresses?: components["schemas"]["Address"][] | null;
            /** @description All e-mail addresses from here on. */
            emails?: string[] | null;
            /** @description Language of messages. */
            language?: string | null;
            /** @description Name. */
            name?: string | null;
            /** @description All phones from here on. */
            phones?: string[] | null;
            /** @description All keywords from here on. */
            tags?: string[] | null;
            /** @description Tier. */
            tier?: string | null;
            /** @description Type. */
            type?: string | null;
        };
        /** @description What to change about an order; what is left out stays. */
        PatchOrder: {
            billing_address?: null | components["schemas"]["Address"];
            /** @description Channel; drafts only. */
            channel?: string | null;
            /** @description Another customer; drafts only. */
            customer_id?: string | null;
            /** @description All lines from here on. */
            lines?: components["schemas"]["OrderLineInput"][] | null;
            /** @description Delivery instructions. */
            note?: string | null;
            /** @description Payment method; drafts only. */
            payment_method?: string | null;
            /** @description The customer's purchase order number. */
            po_number?: string | null;
            /** @description Priority; drafts only. */
            priority?: string | null;
            /** @description Why a placed order is changed. */
            reason?: string | null;
            /** @description Reference. */
            reference?: string | null;
            /** @description Whether everything goes in one shipment; drafts only. */
            ship_complete?: boolean | null;
            shipping_address?: null | components["schemas"]["Address"];
            /** @description Delivery charge. */
            shipping_fee?: string | null;
            /** @description All keywords from here on. */
            tags?: string[] | null;
            /** @description Type; drafts only. */
            type?: string | null;
        };
        /** @description What to change of what a person wants to hear; what is left out stays. */
        PatchPreferences: {
            /** @description Consent to set. */
            consent?: components["schemas"]["SetConsent"][];
            /** @description `en` or `ur`. */
            language?: string | null;
            /** @description Channels wanted by kind of message, in order; an empty list for none, `null` for the shop's choice. */
            preferences?: {
                [key: string]: string[] | null;
            };
        };
        /** @description What to change about a user. */
        PatchUser: {
            /** @description Name as shown. */
            name?: string | null;
            /** @description Mobile number the user is written to and answers from; empty for none. */
            phone?: string | null;
            /** @description All roles from here on. */
            roles?: string[] | null;
        };
        /** @description Why an order could not be placed (P02). */
        PlacementRefused: {
            /** @description Stable code, such as `insufficient_stock`. */
            code: string;
            /** @description In words. */
            detail: string;
            /** @description Field it is about. */
            field?: string | null;
            /** @description What could be done about it. */
            fix?: string | null;
        };
        /** @description What leaves together. */
        PlanLoad: {
            /** @description After this it leaves no more; RFC 3339. */
            cutoff?: string | null;
            /** @description The door it leaves from. */
            door: string;
            /** @description Whether it needs a seal. */
            seal_required?: boolean;
            /** @description Parcels (`order/number`) by stop, in the order in which they are unloaded. */
            stops: string[][];
        };
        /** @description Units of one kind on an announced plate. */
        PlateGoods: {
            /**
             * Format: date
             * @description Until when.
             */
            expiry?: string | null;
            /** @description Of which lot. */
            lot?: string | null;
            /** @description Serial numbers among them. */
            serials?: string[];
            /** @description What. */
            sku: string;
            /**
             * Format: int32
             * @description How many units.
             */
            units: number;
        };
        /** @description A plate. */
        PlateView: {
            /** @description Why it may not be moved. */
            held?: string | null;
            /** @description Where it is. */
            location: string;
            /** @description Its number. */
            plate: string;
            /** @description The document it came with. */
            receipt?: string | null;
            /** @description `open`, `staged`, `stored`, `packed`, `loaded`, `departed` or `void`. */
            state: string;
        };
        /** @description What the user's clients keep for the user. */
        PreferencesView: {
            /** @description Any object: saved views, language, theme. */
            preferences: Record<string, never>;
            /**
             * Format: int32
             * @description Number, also the ETag; 0 before they were first set.
             */
            version: number;
        };
        /** @description What to preview. */
        PreviewTemplate: {
            /** @description `whatsapp`, `sms` or `email`. */
            channel: string;
            /** @description `en` or `ur`. */
            language: string;
            /** @description Values of variables; samples for those left out. */
            variables?: {
                [key: string]: string;
            };
        };
        /** @description Why a request was not carried out. Media type `application/problem+json`. */
        Problem: {
            /** @description Stable snake_case code; see docs/ERRORS.md. */
            code: string;
            /** @description What is wrong with this request. */
            detail: string;
            /** @description JSON pointer of the field it is about. */
            field?: string | null;
            /** @description What could be done about it. */
            fix?: string | null;
            /** @description Number of the request, to find it in the server's log. */
            request_id?: string | null;
            /**
             * Format: int32
             * @description HTTP status.
             */
            status: number;
            /** @description The sort of problem in words. */
            title: string;
            /** @description Identifies the sort of problem: `urn:munshi:problem:` and the code. */
            type: string;
        };
        /** @description Everything about a product but its SKU (PUT replaces all of it). */
        ProductDetails: {
            /** @description Whether orders may wait for stock. */
            backorder?: boolean;
            /** @description Barcode, unique in the shop. */
            barcode?: string | null;
            /** @description Brand. */
            brand?: string | null;
            /** @description Category. */
            category?: string | null;
            compare_at?: null | components["schemas"]["Money"];
            /** @description Description. */
            description?: string | null;
            /** @description Name of the family of variants; the SKU in lower case if left out. */
            handle?: string | null;
            /** @description Address of a picture. */
            image?: string | null;
            /**
             * Format: int64
             * @description Fewest units of an order line.
             */
            min_quantity?: number;
            /** @description What tells this variant from its siblings. */
            options?: components["schemas"]["ProductOption"][];
            /** @description Price of a unit. */
            price: components["schemas"]["Money"];
            /** @description Whether units come from a shelf; false for services and digital goods. */
            stocked?: boolean;
            /** @description Tax code. */
            tax_code?: string | null;
            /** @description Title. */
            title: string;
            /**
             * Format: int64
             * @description Weight of a unit in grams.
             */
            weight_grams?: number;
        };
        /** @description One option of a variant, such as size M. */
        ProductOption: {
            /** @description Name, such as `Size`. */
            name: string;
            /** @description Value, such as `M`. */
            value: string;
        };
        /** @description A product. */
        ProductView: {
            /** @description Whether it can be ordered. */
            active: boolean;
            /** @description Whether orders may wait for stock. */
            backorder: boolean;
            /** @description Barcode. */
            barcode?: string | null;
            /** @description Brand. */
            brand: string;
            /** @description Category. */
            category: string;
            compare_at?: null | components["schemas"]["Money"];
            /** @description Description. */
            description: string;
            /** @description Name of the family of variants. */
            handle: string;
            /** @description Address of a picture. */
            image?: string | null;
            /**
             * Format: int32
             * @description Fewest units of an order line.
             */
            min_quantity: number;
            /** @description What tells this variant from its siblings. */
            options: components["schemas"]["ProductOption"][];
            /** @description Price of a unit. */
            price: components["schemas"]["Money"];
            /** @description Stock-keeping unit. */
            sku: string;
            /** @description Whether units come from a shelf. */
            stocked: boolean;
            /** @description Tax code. */
            tax_code?: string | null;
            /** @description Title. */
            title: string;
            /**
             * Format: int64
             * @description Version, also the ETag.
             */
            version: number;
            /**
             * Format: int32
             * @description Weight of a unit in grams.
             */
            weight_grams: number;
        };
        /** @description Item rules to add or change, all or none. */
        PutItemRules: {
            /** @description 1 to 500 of them. */
            rules: components["schemas"]["FloorItemRule"][];
        };
        /** @description Locations to add or change, all or none. */
        PutLocations: {
            /** @description Whether locations that come without check digits get two. */
            assign_check_digits?: boolean;
            /** @description 1 to 500 of them. */
            locations: components["schemas"]["FloorLocation"][];
        };
        /** @description An operator of the site. */
        PutOperator: {
            /** @description Name on screens. */
            name: string;
            /** @description PIN of 4 to 12 digits; the one there is stays if it is left out. */
            pin?: string | null;
            /** @description `receive`, `put_away`, `pick`, `pack`, `ship`, `count`, `return`, `inquire`, `override`; none bars from signing on. */
            rights?: string[];
            /** @description Id of the user behind the badge. */
            user: string;
        };
        /** @description Preferences to keep in place of those there are. */
        PutPreferences: {
            /** @description Any object, at most 16 KiB as compact JSON. */
            preferences: Record<string, never>;
        };
        /** @description A question that was asked. */
        QuestionView: {
            /** @description `cod_confirmation`, `backorder`, `cancel_check`, `address_wanted`, `address_check` or `approval`. */
            about: string;
            /** @description The answer. */
            answer?: string | null;
            /** @description When it was asked. */
            asked_at: string;
            /** @description Whether somebody has to call. */
            call: boolean;
            /** @description Until when it can be answered. */
            expires_at: string;
            /** @description Its id. */
            id: string;
            /** @description Number of that order. */
            number: string;
            /** @description Order it is about. */
            order_id: string;
            /** @description `open`, `answered`, `expired` or `closed`. */
            state: string;
        };
        /** @description Whether the server takes requests. */
        Readiness: {
            /** @description Each check and what it found. */
            checks: {
                [key: string]: string;
            };
            /** @description Whether it does. */
            ready: boolean;
        };
        /** @description A reason given by a person, kept with the change. */
        Reason: {
            /** @description 1 to 500 characters. */
            reason: string;
        };
        /** @description Who gets a task. */
        ReassignTask: {
            /** @description Id of the only user who gets it; anybody if it is left out or `null`. */
            to?: string | null;
        };
        /** @description A line of a document to receive. */
        ReceiptLine: {
            /**
             * Format: int32
             * @description Units ordered.
             */
            expected: number;
            /**
             * Format: int32
             * @description Number on the document, from 1.
             */
            line: number;
            /**
             * Format: int32
             * @description Units received; ignored in a request.
             */
            received?: number;
            /** @description What. */
            sku: string;
        };
        /** @description A document to receive goods against. */
        ReceiptView: {
            /** @description Whether it is closed. */
            closed: boolean;
            /** @description Devices that work on it. */
            devices: string[];
            /** @description The dock it is received at. */
            dock?: string | null;
            /** @description Whether one device at a time may work on it. */
            exclusive: boolean;
            /** @description `order`, `announced` or `blind`. */
            kind: string;
            /** @description What was ordered and received; what was received alone for a blind one. */
            lines: components["schemas"]["ReceiptLine"][];
            /** @description Numbers of announced plates. */
            plates: string[];
            /** @description Its number. */
            receipt: string;
        };
        /** @description Units of an undelivered parcel that came back to the warehouse, inspected (RET-05). They may come in parts. */
        ReceiveReturn: {
            /** @description What came back. */
            lines: components["schemas"]["ReturnedLine"][];
            /** @description Why units are written off; required if any are. */
            reason?: string | null;
        };
        /** @description Units received. */
        ReceiveStock: {
            /**
             * Format: int64
             * @description Whole number from 1.
             */
            quantity: number;
            /** @description Delivery note, purchase order. */
            reference?: string | null;
        };
        /** @description What came of a call. */
        RecordCall: {
            /** @description What was said. */
            note?: string;
            /** @description `no_answer`, `confirmed`, `declined` or `other`. */
            outcome: string;
            /** @description The question that was called about. */
            question_id?: string | null;
        };
        /** @description A refresh token. `Debug` hides it. */
        Refresh: {
            /** @description The token; it works once. */
            refresh_token: string;
        };
        /** @description The end of a hold. */
        ReleaseHold: {
            /**
             * Format: int32
             * @description Which hold, by its number on the order.
             */
            hold: number;
            /** @description Why. */
            reason: string;
        };
        /** @description Which dead letters to replay. */
        ReplayDead: {
            /** @description Of this class only. */
            class?: string | null;
            /** @description Of this connection. */
            connection: string;
            /** @description Why. */
            reason?: string | null;
        };
        /** @description From where on a subscriber is told again. */
        ReplayFrom: {
            /**
             * Format: int64
             * @description Journal position after which to begin.
             */
            after: number;
            /** @description Why. */
            reason?: string | null;
        };
        /** @description How many were replayed. */
        Replayed: {
            /**
             * Format: int64
             * @description How many.
             */
            replayed: number;
        };
        /** @description What is told again. */
        ReplayedFrom: {
            /**
             * Format: int64
             * @description Journal position reached; go on from there if it is not the end.
             */
            reached: number;
            /**
             * Format: int64
             * @description Events.
             */
            replayed: number;
        };
        /** @description Units not found. */
        ReportShort: {
            /**
             * Format: int64
             * @description Units missing.
             */
            quantity: number;
            /** @description Why. */
            reason: string;
            /** @description Stock-keeping unit. */
            sku: string;
        };
        /** @description What was done about an exception. */
        ResolveException: {
            /** @description 1 to 500 characters. */
            note: string;
        };
        /** @description Units of one line that came back. */
        ReturnedLine: {
            /**
             * Format: int64
             * @description Units to be written off; 0 if left out.
             */
            damaged?: number;
            /**
             * Format: int64
             * @description Units that can be sold again; 0 if left out.
             */
            good?: number;
            /**
             * Format: int32
             * @description Line of the order.
             */
            line: number;
        };
        /** @description Scans in one minute. */
        ScanMinute: {
            /** @description Begin of the minute, RFC 3339. */
            at: string;
            /**
             * Format: int64
             * @description Scans.
             */
            count: number;
        };
        /** @description A carrier scan recorded by hand (SM-08). */
        ScanOrder: {
            /**
             * Format: int32
             * @description Parcel number.
             */
            parcel: number;
            /**
             * @description `picked_up`, `in_transit`, `at_destination`, `out_for_delivery`, `attempt_failed`,
             *     `returning`, `damaged`, `delivered`, `returned_to_sender` or `lost`.
             */
            status: string;
        };
        /** @description A reply. */
        SendReply: {
            /** @description `whatsapp`, `sms` or `email`; WhatsApp if left out. */
            channel?: string | null;
            /** @description What to say. */
            text: string;
        };
        /** @description A consent, given or taken back. */
        SetConsent: {
            /** @description Whether it may be sent. */
            allowed: boolean;
            /** @description `utility` or `marketing`. */
            category: string;
            /** @description `whatsapp`, `sms` or `email`. */
            channel: string;
        };
        /** @description Whether a lot may be used. */
        SetLotStatus: {
            /** @description 1 to 500 characters. */
            reason: string;
            /** @description `released`, `on_hold` or `recalled`. */
            status: string;
        };
        /** @description Another password. `Debug` hides it. */
        SetPassword: {
            /** @description 10 to 200 characters. */
            password: string;
        };
        /** @description How urgent a task is. */
        SetTaskPriority: {
            /**
             * Format: int32
             * @description 0 to 255; higher goes first.
             */
            priority: number;
        };
        /** @description Settings to change: any part of [`SettingsView::settings`]; `null` resets a key to its default. */
        SettingsPatch: Record<string, never>;
        /** @description The shop's settings: an object whose keys `PATCH /settings` merges into. */
        SettingsView: {
            /** @description Every setting in effect. */
            settings: Record<string, never>;
            /**
             * Format: int64
             * @description Version, also the ETag.
             */
            version: number;
        };
        /** @description Money received for an order on credit. */
        Settlement: {
            amount?: null | components["schemas"]["Money"];
            /** @description The order paid for. */
            order_id: string;
        };
        /** @description E-mail and password. `Debug` hides the password. */
        SignIn: {
            /** @description Sign-in address. */
            email: string;
            /** @description Password. */
            password: string;
        };
        /** @description Tokens of a session. `Debug` hides them. */
        SignedIn: {
            /** @description Send it as `Authorization: Bearer …`. */
            access_token: string;
            /**
             * Format: int64
             * @description Seconds that the access token lives.
             */
            expires_in: number;
            /** @description Exchange it at `/auth/refresh` before the session ends; it works once. */
            refresh_token: string;
            /** @description Who signed in. */
            user: components["schemas"]["Me"];
        };
        /** @description Open sockets. */
        SocketStatus: {
            /**
             * Format: int64
             * @description Of consoles.
             */
            consoles: number;
            /**
             * Format: int64
             * @description Of devices.
             */
            devices: number;
            /**
             * Format: int64
             * @description Subscriptions of all of them.
             */
            subscriptions: number;
            /**
             * Format: int64
             * @description Of customers who look at their order.
             */
            tracking: number;
        };
        /** @description Units of a line of a parcel. */
        SplitLine: {
            /**
             * Format: int32
             * @description Line of the order.
             */
            line: number;
            /**
             * Format: int64
             * @description Units of it.
             */
            quantity: number;
        };
        /** @description What of a packed parcel goes in a parcel of its own. */
        SplitParcel: {
            /** @description Its units; at least one has to stay. */
            lines: components["schemas"]["SplitLine"][];
        };
        /** @description A step that waits for a decision. */
        StepView: {
            /** @description What is at stake. */
            amount: components["schemas"]["Money"];
            /**
             * Format: int32
             * @description Number of the order's content.
             */
            edition: number;
            /** @description Hash to send with a vote. */
            hash: string;
            /** @description When it was opened. */
            opened_at: string;
            /** @description Order it is about. */
            order: string;
            /** @description Queue it stands in. */
            queue: string;
            /** @description Who asked. */
            requester?: string | null;
            /** @description Role that decides. */
            role: string;
            /** @description State: `active`, or how it ended. */
            state: string;
            /** @description Step id. */
            step: string;
            /**
             * Format: int64
             * @description Version of the queue.
             */
            version: number;
            /** @description Votes so far. */
            votes: components["schemas"]["VoteView"][];
        };
        /** @description How a count differs from the books. */
        StockDeltaView: {
            /**
             * Format: int64
             * @description Units more, or fewer if negative.
             */
            delta: number;
            /** @description Of which lot. */
            lot?: string | null;
            /** @description What. */
            sku: string;
        };
        /** @description Policy of a stock row. */
        StockPolicy: {
            /**
             * Format: int64
             * @description Most units that may wait for stock; no limit if left out.
             */
            backorder_cap?: number | null;
            /**
             * Format: int64
             * @description Level at which stock counts as low; 0 for none.
             */
            low_stock?: number;
            /**
             * Format: int64
             * @description Units never promised.
             */
            safety?: number;
        };
        /** @description Stock of one SKU in one warehouse. */
        StockView: {
            /**
             * Format: int32
             * @description Firm for approved orders.
             */
            allocated: number;
            /**
             * Format: int32
             * @description Can still be promised.
             */
            available: number;
            /**
             * Format: int32
             * @description Most units that may wait; `null` for no limit.
             */
            backorder_cap?: number | null;
            /** @description Units in other conditions, by condition. */
            conditions: {
                [key: string]: number;
            };
            /**
             * Format: int32
             * @description Level at which stock counts as low; 0 for none.
             */
            low_stock: number;
            /**
             * Format: int32
             * @description Units on the shelf fit to be sold.
             */
            on_hand: number;
            /**
             * Format: int32
             * @description Promised to orders not yet approved.
             */
            reserved: number;
            /**
             * Format: int32
             * @description Units never promised.
             */
            safety: number;
            /** @description Stock-keeping unit. */
            sku: string;
            /**
             * Format: int64
             * @description Version of this row, for counts.
             */
            version: number;
            /**
             * Format: int32
             * @description Accepted without stock.
             */
            waiting: number;
            /** @description Warehouse code. */
            warehouse: string;
        };
        /** @description How the server is. */
        SystemStatus: {
            /** @description The checker of the journal and of what is stored. */
            doctor: components["schemas"]["DoctorStatus"];
            /**
             * Format: int64
             * @description Last durable journal position.
             */
            head: number;
            /**
             * Format: int64
             * @description How many positions lists trail.
             */
            lag: number;
            /** @description The commit lane. */
            lane: components["schemas"]["LaneStatus"];
            /** @description Aggregates in memory by kind. */
            live: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description Process steps under way.
             */
            outstanding: number;
            /**
             * Format: int64
             * @description Journal position that lists reflect.
             */
            projected: number;
            /** @description Open sockets. */
            sockets: components["schemas"]["SocketStatus"];
            /** @description Why the server takes no more commands, if it does not. */
            stopped?: string | null;
            /**
             * Format: int64
             * @description Seconds since it started.
             */
            uptime_seconds: number;
            /** @description Version of the program. */
            version: string;
        };
        /** @description A line of a pick task. */
        TaskLine: {
            /**
             * Format: int32
             * @description Line of the order.
             */
            line: number;
            /**
             * Format: int32
             * @description Units wanted.
             */
            need: number;
            /**
             * Format: int32
             * @description Units picked.
             */
            picked: number;
            /**
             * Format: int32
             * @description Units given up as short.
             */
            short: number;
            /** @description What. */
            sku: string;
            /** @description Where the rest lies. */
            stops: components["schemas"]["TaskStop"][];
        };
        /** @description Units that a pick face wants. */
        TaskReplenish: {
            /**
             * Format: int32
             * @description Units brought.
             */
            brought: number;
            /** @description The pick face. */
            location: string;
            /** @description What. */
            sku: string;
            /**
             * Format: int32
             * @description Units asked for.
             */
            units: number;
        };
        /** @description Where units of a line are to be taken. */
        TaskStop: {
            /** @description Where, if the books know a place. */
            location?: string | null;
            /** @description Of which lot. */
            lot?: string | null;
            /** @description On which plate. */
            plate?: string | null;
            /**
             * Format: int32
             * @description Units still to be taken there.
             */
            units: number;
        };
        /** @description A task of the floor. */
        TaskView: {
            /** @description When it came. */
            created: string;
            /** @description The device that has it. */
            device?: string | null;
            /** @description Why it may not be worked on now. */
            held?: string | null;
            /** @description `pick`, `pack`, `put_back` or `replenish`. */
            kind: string;
            /** @description What is picked; nothing for other kinds. */
            lines: components["schemas"]["TaskLine"][];
            /** @description The only user who gets it. */
            only?: string | null;
            /** @description The user who works on it. */
            operator?: string | null;
            /** @description Order it is for; none for a replenishment. */
            order?: string | null;
            /**
             * Format: int32
             * @description Parcel of that order.
             */
            parcel?: number | null;
            /**
             * Format: int32
             * @description Higher goes first.
             */
            priority: number;
            replenish?: null | components["schemas"]["TaskReplenish"];
            /**
             * Format: int64
             * @description Its revision.
             */
            rev: number;
            /** @description `open`, `leased`, `done` or `canceled`. */
            state: string;
            /**
             * Format: int64
             * @description Its number.
             */
            task: number;
        };
        /** @description A template with its variables filled in. */
        TemplatePreview: {
            /** @description Titles of buttons. */
            buttons: string[];
            /**
             * Format: int64
             * @description Characters, which is what vendors count.
             */
            characters: number;
            /** @description `ltr` or `rtl`. */
            direction: string;
            /** @description HTML, for e-mail. */
            html?: string | null;
            /** @description Subject, for e-mail. */
            subject?: string | null;
            /** @description Text. */
            text: string;
        };
        /** @description A template and where it may be used. */
        TemplateView: {
            /** @description `customer` or `staff`. */
            audience: string;
            /** @description `utility`, `marketing` or `service`. */
            category: string;
            /**
             * Format: int64
             * @description Seconds after which it is no longer worth sending.
             */
            expires_seconds: number;
            /** @description Kind of message it is for. */
            kind: string;
            /** @description Languages it is written in. */
            languages: string[];
            /** @description Channels in the order in which they are tried: one message for each list. */
            routes: string[][];
            /** @description Names of the variables it may use. */
            variables: string[];
            /** @description Whether it waits for the end of quiet hours. */
            waits: boolean;
        };
        /** @description What came of it. */
        TestResult: {
            /** @description The vendor's code of a refusal. */
            code?: string | null;
            /** @description What to do about it. */
            hint?: string | null;
            /** @description Whether the vendor took it. */
            ok: boolean;
            /** @description `ok`, `retry`, `rate_limited`, `auth_expired`, `unknown` or `permanent`. */
            outcome: string;
            /** @description The vendor's id of it. */
            vendor_ref?: string | null;
        };
        /** @description A message to try a connection or a template with. */
        TestSend: {
            /** @description `whatsapp`, `sms` or `email`; the connection's first one if left out. */
            channel?: string | null;
            /** @description Kind of message, such as `order_placed`. */
            kind?: string | null;
            /** @description `en` or `ur`. */
            language?: string | null;
            /** @description Number or address to send to; nothing for a chat room. */
            to?: string;
        };
        /** @description An entry of a thread. */
        ThreadEntry: {
            /** @description When. */
            at: string;
            /** @description What happened: the event of the thread, by its `type`. */
            event: Record<string, never>;
            /** @description The text of a message, as it reads. */
            text?: string | null;
            /**
             * Format: int64
             * @description Version of the thread after it.
             */
            version: number;
        };
        /** @description One entry of a timeline (ORD-27, AUD-01). */
        TimelineEntry: {
            /** @description When. */
            at: string;
            /** @description Who: `user:<id>`, `process:<name>`, `timer` or `system:<name>`. */
            by: string;
            /** @description Name of that user, or of the one whose decision a process recorded. */
            by_name?: string | null;
            /** @description Command. */
            command: string;
            /** @description What happened. */
            events: unknown[];
            /** @description Hash that chains it to the entry before it in the journal. */
            hash: string;
            /** @description Reason given. */
            reason?: string | null;
            /**
             * Format: int64
             * @description Journal position.
             */
            seq: number;
            /**
             * Format: int64
             * @description Version after it.
             */
            version: number;
        };
        /** @description A cancellation by the customer. */
        TrackCancel: {
            /** @description Why, at most 200 characters; a default if left out. */
            reason?: string | null;
        };
        /** @description A line as the customer sees it. */
        TrackLine: {
            /**
             * Format: int32
             * @description Units canceled.
             */
            canceled: number;
            /**
             * Format: int32
             * @description Units that arrived.
             */
            delivered: number;
            /**
             * Format: int32
             * @description Units ordered.
             */
            quantity: number;
            /**
             * Format: int32
             * @description Units that came back.
             */
            returned: number;
            /**
             * Format: int32
             * @description Units on their way.
             */
            shipped: number;
            /** @description Title when it was ordered. */
            title: string;
            /** @description What the line costs. */
            total: string;
        };
        /** @description A parcel as the customer sees it. */
        TrackParcel: {
            /** @description Carrier. */
            carrier?: string | null;
            /** @description What the carrier said last (SM-08). */
            carrier_state?: string | null;
            /**
             * Format: int32
             * @description Number within the order.
             */
            n: number;
            /** @description `preparing`, `packed`, `with_carrier`, `delivered`, `returning`, `returned`, `lost` or `canceled`. */
            state: string;
            /** @description Tracking number. */
            tracking_number?: string | null;
            /** @description Units in it, by place of the line in `lines`, from 0. */
            units: components["schemas"]["TrackUnits"][];
        };
        /** @description Something that happened. */
        TrackStep: {
            /** @description When, RFC 3339. */
            at: string;
            /**
             * Format: int32
             * @description Parcel it is about.
             */
            parcel?: number | null;
            /**
             * @description `placed`, `confirmed`, `packed`, `handed_over`, a carrier's status (SM-08), `complete`, `canceled`, `returned`,
             *     `expired` or `rejected`.
             */
            what: string;
        };
        /** @description Units of a line in a parcel. */
        TrackUnits: {
            /**
             * Format: int32
             * @description Place of the line in `lines`, from 0.
             */
            line: number;
            /**
             * Format: int32
             * @description Units.
             */
            quantity: number;
        };
        /** @description An order as its customer sees it. */
        TrackView: {
            /** @description Whether the customer may cancel now. */
            can_cancel: boolean;
            /** @description Whether a cancellation is being carried out. */
            canceling: boolean;
            /** @description City it goes to. */
            city: string;
            /** @description Currency of all amounts. */
            currency: string;
            /** @description The customer's language, if known: `en`, `ur` … */
            language?: string | null;
            /** @description Lines. */
            lines: components["schemas"]["TrackLine"][];
            /** @description Order number. */
            number: string;
            /** @description Parcels. */
            parcels: components["schemas"]["TrackParcel"][];
            /** @description `cod`, `prepaid` or `terms`. */
            payment_method: string;
            /** @description Phone of the customer, masked. */
            phone?: string | null;
            /** @description When it was placed. */
            placed_at?: string | null;
            /** @description Delivery charge in it. */
            shipping: string;
            /** @description Name of the shop. */
            shop: string;
            /** @description `received`, `preparing`, `on_the_way`, `delivered`, `returned`, `canceled`, `expired` or `rejected`. */
            status: string;
            /** @description What happened, oldest first. */
            steps: components["schemas"]["TrackStep"][];
            /** @description Topic of a console socket on which this view is live. */
            topic: string;
            /** @description What the customer pays. */
            total: string;
        };
        /** @description A link for the customer of an order. */
        TrackingLink: {
            /** @description When it stops working. */
            expires_at: string;
            /** @description The token alone, for `Authorization: Track …`. */
            token: string;
            /** @description Address of the page. The token stands behind `#`, which no browser sends to a server. */
            url: string;
        };
        /** @description A user in a list. */
        UserRow: {
            /** @description Whether signing in is barred. */
            disabled: boolean;
            /** @description Sign-in address. */
            email: string;
            /** @description User id. */
            id: string;
            /** @description Name as shown. */
            name: string;
            /** @description Roles. */
            roles: string[];
        };
        /** @description A user. */
        UserView: {
            /** @description Whether signing in is barred. */
            disabled: boolean;
            /** @description Sign-in address. */
            email: string;
            /** @description User id. */
            id: string;
            /** @description Name as shown. */
            name: string;
            /** @description Mobile number the user is written to and answers from. */
            phone?: string | null;
            /** @description Roles. */
            roles: string[];
            /** @description Number of live sessions. */
            sessions: number;
            /**
             * Format: int64
             * @description Version, also the ETag.
             */
            version: number;
        };
        /** @description A vote. */
        Vote: {
            /** @description Hash of the subject as it was shown; a vote on something else has no effect. */
            hash: string;
            /** @description Why; required to reject and to request changes. */
            rationale?: string | null;
        };
        /** @description One vote cast. */
        VoteView: {
            /** @description Who. */
            approver: string;
            /** @description `approve`, `reject` or `request_changes`. */
            decision: string;
            /** @description Why. */
            rationale?: string | null;
        };
        /** @description A warehouse. */
        WarehouseView: {
            address?: null | components["schemas"]["Address"];
            /** @description Short code. */
            code: string;
            /** @description Name. */
            name: string;
            /** @description Number of parcels not yet closed. */
            open_parcels: number;
            /** @description Number of SKUs with a stock row. */
            skus: number;
            /**
             * Format: int64
             * @description Version, also the ETag.
             */
            version: number;
        };
        /** @description Why something is done, if that is said. */
        Why: {
            /** @description 1 to 500 characters. */
            reason?: string | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    "approvals.list": {
        parameters: {
            query?: {
                /** @description narrows the answer */
                queue?: string;
                /** @description most items, 1 to 200 */
                limit?: number;
                /** @description cursor: `next` of the page before */
                after?: string;
                /** @description wait until the list reflects this journal position */
                min_seq?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["StepView"][];
                        next: string | null;
                        seq: number;
                    };
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "approvals.answer": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AnswerLink"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LinkAnswered"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "approvals.read": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description names the resource */
                queue: string;
                /** @description names the resource */
                step: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StepView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "approvals.approve": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                queue: string;
                /** @description names the resource */
                step: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Vote"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StepView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "approvals.reject": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                queue: string;
                /** @description names the resource */
                step: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Vote"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StepView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "approvals.request_changes": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                queue: string;
                /** @description names the resource */
                step: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Vote"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StepView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "auth.me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "me.preferences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreferencesView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "me.set_preferences": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutPreferences"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreferencesView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "auth.refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Refresh"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "auth.sign_in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "auth.sign_out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "connections.list": {
        parameters: {
            query?: {
                /** @description most items, 1 to 200 */
                limit?: number;
                /** @description cursor: `next` of the page before */
                after?: string;
                /** @description wait until the list reflects this journal position */
                min_seq?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ConnectionView"][];
                        next: string | null;
                        seq: number;
                    };
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "connections.create": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateConnection"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "connections.read": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "connections.change": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PatchConnection"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "connections.events": {
        parameters: {
            query?: {
                /** @description most items, 1 to 200 */
                limit?: number;
                /** @description cursor: `next` of the page before */
                after?: string;
                /** @description wait until the list reflects this journal position */
                min_seq?: number;
            };
            header?: never;
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["TimelineEntry"][];
                        next: string | null;
                        seq: number;
                    };
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "connections.pause": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Why"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "connections.replay": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplayFrom"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayedFrom"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "connections.resume": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Why"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "connections.templates": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "connections.test": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TestSend"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TestResult"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "conversations.list": {
        parameters: {
            query?: {
                /** @description narrows the answer */
                needs_agent?: string;
                /** @description narrows the answer */
                call_due?: string;
                /** @description narrows the answer */
                assigned_to?: string;
                /** @description narrows the answer */
                customer?: string;
                /** @description most items, 1 to 200 */
                limit?: number;
                /** @description cursor: `next` of the page before */
                after?: string;
                /** @description wait until the list reflects this journal position */
                min_seq?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ConversationRow"][];
                        next: string | null;
                        seq: number;
                    };
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "conversations.read": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "conversations.assign": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AssignConversation"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "conversations.call": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RecordCall"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "conversations.messages": {
        parameters: {
            query?: {
                /** @description most items, 1 to 200 */
                limit?: number;
                /** @description cursor: `next` of the page before */
                after?: string;
                /** @description wait until the list reflects this journal position */
                min_seq?: number;
            };
            header?: never;
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ThreadEntry"][];
                        next: string | null;
                        seq: number;
                    };
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "conversations.preferences": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PatchPreferences"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "conversations.reply": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendReply"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "conversations.resolve": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "customers.list": {
        parameters: {
            query?: {
                /** @description narrows the answer */
                q?: string;
                /** @description narrows the answer */
                phone?: string;
                /** @description narrows the answer */
                email?: string;
                /** @description most items, 1 to 200 */
                limit?: number;
                /** @description cursor: `next` of the page before */
                after?: string;
                /** @description wait until the list reflects this journal position */
                min_seq?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["CustomerRow"][];
                        next: string | null;
                        seq: number;
                    };
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "customers.create": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateCustomer"];
            };
        };
        responses: {
            /** @description the resource */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "customers.read": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "customers.change": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PatchCustomer"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "customers.block": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "conversations.of_customer": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "customers.credit": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreditView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "customers.set_credit": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreditTerms"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "customers.events": {
        parameters: {
            query?: {
                /** @description most items, 1 to 200 */
                limit?: number;
                /** @description cursor: `next` of the page before */
                after?: string;
                /** @description wait until the list reflects this journal position */
                min_seq?: number;
            };
            header?: never;
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["TimelineEntry"][];
                        next: string | null;
                        seq: number;
                    };
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "conversations.customer_preferences": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PatchPreferences"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "customers.settle": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Settlement"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "customers.unblock": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "dead_letters.list": {
        parameters: {
            query?: {
                /** @description narrows the answer */
                connection?: string;
                /** @description narrows the answer */
                class?: string;
                /** @description most items, 1 to 200 */
                limit?: number;
                /** @description cursor: `next` of the page before */
                after?: string;
                /** @description wait until the list reflects this journal position */
                min_seq?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["DeadView"][];
                        next: string | null;
                        seq: number;
                    };
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "dead_letters.replay_all": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplayDead"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Replayed"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "dead_letters.read": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description names the resource */
                connection: string;
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "dead_letters.discard": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                connection: string;
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "dead_letters.replay": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                connection: string;
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EditDead"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Replayed"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "decide.read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecideView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "decide.answer": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DecideAnswer"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecideView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "auth.enrol_device": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EnrolDevice"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceEnrolled"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "auth.device_token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeviceKey"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceToken"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "imports.list": {
        parameters: {
            query?: {
                /** @description most items, 1 to 200 */
                limit?: number;
                /** @description cursor: `next` of the page before */
                after?: string;
                /** @description wait until the list reflects this journal position */
                min_seq?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ImportView"][];
                        next: string | null;
                        seq: number;
                    };
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "imports.create": {
        parameters: {
            query?: {
                /** @description narrows the answer */
                kind?: string;
                /** @description narrows the answer */
                layout?: string;
                /** @description narrows the answer */
                warehouse?: string;
            };
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/csv": string;
                "application/octet-stream": string;
                "application/vnd.ms-excel": string;
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                "text/csv": string;
            };
        };
        responses: {
            /** @description the resource */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "imports.read": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "imports.errors": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "imports.stop": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "templates.list": {
        parameters: {
            query?: {
                /** @description most items, 1 to 200 */
                limit?: number;
                /** @description cursor: `next` of the page before */
                after?: string;
                /** @description wait until the list reflects this journal position */
                min_seq?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["TemplateView"][];
                        next: string | null;
                        seq: number;
                    };
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "templates.preview": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                kind: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreviewTemplate"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TemplatePreview"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "orders.list": {
        parameters: {
            query?: {
                /** @description narrows the answer */
                q?: string;
                /** @description narrows the answer */
                status?: string;
                /** @description narrows the answer */
                customer?: string;
                /** @description narrows the answer */
                warehouse?: string;
                /** @description narrows the answer */
                channel?: string;
                /** @description narrows the answer */
                tag?: string;
                /** @description narrows the answer */
                from?: string;
                /** @description narrows the answer */
                to?: string;
                /** @description most items, 1 to 200 */
                limit?: number;
                /** @description cursor: `next` of the page before */
                after?: string;
                /** @description wait until the list reflects this journal position */
                min_seq?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["OrderRow"][];
                        next: string | null;
                        seq: number;
                    };
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "orders.create": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateOrder"];
            };
        };
        responses: {
            /** @description the resource */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "orders.read": {
        parameters: {
            query?: {
                /** @description narrows the answer */
                min_seq?: string;
                /** @description narrows the answer */
                as_of?: string;
            };
            header?: never;
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "orders.change": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PatchOrder"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "orders.cancel": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CancelOrder"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "orders.confirm": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "orders.deliver": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeliverOrder"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "orders.events": {
        parameters: {
            query?: {
                /** @description most items, 1 to 200 */
                limit?: number;
                /** @description cursor: `next` of the page before */
                after?: string;
                /** @description wait until the list reflects this journal position */
                min_seq?: number;
            };
            header?: never;
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["TimelineEntry"][];
                        next: string | null;
                        seq: number;
                    };
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "orders.hold": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HoldOrder"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "orders.line_warehouse": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
                /** @description names the resource */
                n: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LineWarehouse"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "orders.release": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "orders.release_hold": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReleaseHold"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "orders.revoke_tracking": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "orders.scan": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScanOrder"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "orders.submit": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "orders.tracking_link": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrackingLink"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "orders.withdraw": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "products.list": {
        parameters: {
            query?: {
                /** @description narrows the answer */
                q?: string;
                /** @description narrows the answer */
                handle?: string;
                /** @description narrows the answer */
                brand?: string;
                /** @description narrows the answer */
                category?: string;
                /** @description narrows the answer */
                active?: string;
                /** @description most items, 1 to 200 */
                limit?: number;
                /** @description cursor: `next` of the page before */
                after?: string;
                /** @description wait until the list reflects this journal position */
                min_seq?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ProductView"][];
                        next: string | null;
                        seq: number;
                    };
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "products.create": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateProduct"];
            };
        };
        responses: {
            /** @description the resource */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProductView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "products.lookup": {
        parameters: {
            query?: {
                /** @description narrows the answer */
                code?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProductView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "products.read": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description names the resource */
                sku: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProductView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "products.replace": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                sku: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProductDetails"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProductView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "products.activate": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                sku: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProductView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "products.deactivate": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                sku: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProductView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "products.stock": {
        parameters: {
            query?: {
                /** @description most items, 1 to 200 */
                limit?: number;
                /** @description cursor: `next` of the page before */
                after?: string;
                /** @description wait until the list reflects this journal position */
                min_seq?: number;
            };
            header?: never;
            path: {
                /** @description names the resource */
                sku: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["StockView"][];
                        next: string | null;
                        seq: number;
                    };
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "reports.dashboard": {
        parameters: {
            query?: {
                /** @description narrows the answer */
                days?: string;
                /** @description narrows the answer */
                warehouse?: string;
                /** @description narrows the answer */
                min_seq?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dashboard"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "settings.read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "settings.change": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SettingsPatch"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "system.doctor": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DoctorStatus"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "system.status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SystemStatus"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "track.read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrackView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "track.cancel": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TrackCancel"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrackView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "users.list": {
        parameters: {
            query?: {
                /** @description narrows the answer */
                q?: string;
                /** @description most items, 1 to 200 */
                limit?: number;
                /** @description cursor: `next` of the page before */
                after?: string;
                /** @description wait until the list reflects this journal position */
                min_seq?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["UserRow"][];
                        next: string | null;
                        seq: number;
                    };
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "users.create": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateUser"];
            };
        };
        responses: {
            /** @description the resource */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "users.read": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "users.change": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PatchUser"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "users.disable": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "users.enable": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "users.password": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetPassword"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "users.revoke": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "warehouses.list": {
        parameters: {
            query?: {
                /** @description most items, 1 to 200 */
                limit?: number;
                /** @description cursor: `next` of the page before */
                after?: string;
                /** @description wait until the list reflects this journal position */
                min_seq?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["WarehouseView"][];
                        next: string | null;
                        seq: number;
                    };
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "warehouses.open": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenWarehouse"];
            };
        };
        responses: {
            /** @description the resource */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WarehouseView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "warehouses.read": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description names the resource */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WarehouseView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "bins.list": {
        parameters: {
            query?: {
                /** @description narrows the answer */
                location?: string;
                /** @description narrows the answer */
                sku?: string;
                /** @description most items, 1 to 200 */
                limit?: number;
                /** @description cursor: `next` of the page before */
                after?: string;
                /** @description wait until the list reflects this journal position */
                min_seq?: number;
            };
            header?: never;
            path: {
                /** @description names the resource */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["BinView"][];
                        next: string | null;
                        seq: number;
                    };
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "counts.list": {
        parameters: {
            query?: {
                /** @description most items, 1 to 200 */
                limit?: number;
                /** @description cursor: `next` of the page before */
                after?: string;
                /** @description wait until the list reflects this journal position */
                min_seq?: number;
            };
            header?: never;
            path: {
                /** @description names the resource */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["CountTaskView"][];
                        next: string | null;
                        seq: number;
                    };
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "counts.open": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenCount"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CountTasks"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "decisions.list": {
        parameters: {
            query?: {
                /** @description most items, 1 to 200 */
                limit?: number;
                /** @description cursor: `next` of the page before */
                after?: string;
                /** @description wait until the list reflects this journal position */
                min_seq?: number;
            };
            header?: never;
            path: {
                /** @description names the resource */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["FloorDecisionView"][];
                        next: string | null;
                        seq: number;
                    };
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "decisions.approve": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                decision: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FloorDecided"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "decisions.refuse": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                decision: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FloorDecided"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "devices.list": {
        parameters: {
            query?: {
                /** @description most items, 1 to 200 */
                limit?: number;
                /** @description cursor: `next` of the page before */
                after?: string;
                /** @description wait until the list reflects this journal position */
                min_seq?: number;
            };
            header?: never;
            path: {
                /** @description names the resource */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["DeviceView"][];
                        next: string | null;
                        seq: number;
                    };
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "devices.sheet": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                device: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InviteDevice"];
            };
        };
        responses: {
            /** @description a file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "devices.invite": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                device: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InviteDevice"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceInvitation"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "devices.message": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                device: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MessageDevice"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "devices.revoke": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                device: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "floor.epcis": {
        parameters: {
            query?: {
                /** @description narrows the answer */
                from?: string;
                /** @description narrows the answer */
                to?: string;
                /** @description narrows the answer */
                limit?: string;
                /** @description narrows the answer */
                after?: string;
            };
            header?: never;
            path: {
                /** @description names the resource */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/ld+json": string;
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "exceptions.list": {
        parameters: {
            query?: {
                /** @description narrows the answer */
                code?: string;
                /** @description most items, 1 to 200 */
                limit?: number;
                /** @description cursor: `next` of the page before */
                after?: string;
                /** @description wait until the list reflects this journal position */
                min_seq?: number;
            };
            header?: never;
            path: {
                /** @description names the resource */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ExceptionView"][];
                        next: string | null;
                        seq: number;
                    };
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "exceptions.resolve": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                exception: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResolveException"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenExceptions"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "floor.read": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description names the resource */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FloorSite"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "floor.set_up": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FloorSite"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FloorSite"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "item_rules.list": {
        parameters: {
            query?: {
                /** @description most items, 1 to 200 */
                limit?: number;
                /** @description cursor: `next` of the page before */
                after?: string;
                /** @description wait until the list reflects this journal position */
                min_seq?: number;
            };
            header?: never;
            path: {
                /** @description names the resource */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["FloorItemRule"][];
                        next: string | null;
                        seq: number;
                    };
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "item_rules.put": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutItemRules"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PutItemRules"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "loads.list": {
        parameters: {
            query?: {
                /** @description narrows the answer */
                state?: string;
                /** @description most items, 1 to 200 */
                limit?: number;
                /** @description cursor: `next` of the page before */
                after?: string;
                /** @description wait until the list reflects this journal position */
                min_seq?: number;
            };
            header?: never;
            path: {
                /** @description names the resource */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["LoadView"][];
                        next: string | null;
                        seq: number;
                    };
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "loads.read": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                load: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoadView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "loads.plan": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                load: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PlanLoad"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoadView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "locations.list": {
        parameters: {
            query?: {
                /** @description narrows the answer */
                zone?: string;
                /** @description narrows the answer */
                kind?: string;
                /** @description most items, 1 to 200 */
                limit?: number;
                /** @description cursor: `next` of the page before */
                after?: string;
                /** @description wait until the list reflects this journal position */
                min_seq?: number;
            };
            header?: never;
            path: {
                /** @description names the resource */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["FloorLocation"][];
                        next: string | null;
                        seq: number;
                    };
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "locations.put": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutLocations"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FloorLocations"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "prints.locations": {
        parameters: {
            query?: {
                /** @description narrows the answer */
                zone?: string;
                /** @description narrows the answer */
                prefix?: string;
            };
            header?: never;
            path: {
                /** @description names the resource */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "prints.locations_zpl": {
        parameters: {
            query?: {
                /** @description narrows the answer */
                zone?: string;
                /** @description narrows the answer */
                prefix?: string;
                /** @description narrows the answer */
                dpi?: string;
            };
            header?: never;
            path: {
                /** @description names the resource */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zpl": string;
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "lots.list": {
        parameters: {
            query?: {
                /** @description narrows the answer */
                sku?: string;
                /** @description narrows the answer */
                status?: string;
                /** @description most items, 1 to 200 */
                limit?: number;
                /** @description cursor: `next` of the page before */
                after?: string;
                /** @description wait until the list reflects this journal position */
                min_seq?: number;
            };
            header?: never;
            path: {
                /** @description names the resource */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["LotView"][];
                        next: string | null;
                        seq: number;
                    };
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "lots.status": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                sku: string;
                /** @description names the resource */
                lot: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetLotStatus"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LotView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "operators.list": {
        parameters: {
            query?: {
                /** @description most items, 1 to 200 */
                limit?: number;
                /** @description cursor: `next` of the page before */
                after?: string;
                /** @description wait until the list reflects this journal position */
                min_seq?: number;
            };
            header?: never;
            path: {
                /** @description names the resource */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["OperatorView"][];
                        next: string | null;
                        seq: number;
                    };
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "operators.put": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                badge: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutOperator"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperatorView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "operators.unlock": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                badge: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperatorView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "parcels.list": {
        parameters: {
            query?: {
                /** @description narrows the answer */
                state?: string;
                /** @description most items, 1 to 200 */
                limit?: number;
                /** @description cursor: `next` of the page before */
                after?: string;
                /** @description wait until the list reflects this journal position */
                min_seq?: number;
            };
            header?: never;
            path: {
                /** @description names the resource */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ParcelView"][];
                        next: string | null;
                        seq: number;
                    };
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "parcels.read": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                order: string;
                /** @description names the resource */
                n: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ParcelView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "parcels.book": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                order: string;
                /** @description names the resource */
                n: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BookParcel"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ParcelView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "parcels.claim": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                order: string;
                /** @description names the resource */
                n: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ParcelView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "parcels.confirm": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                order: string;
                /** @description names the resource */
                n: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfirmUnits"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ParcelView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "parcels.hand_over": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                order: string;
                /** @description names the resource */
                n: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ParcelView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "parcels.hold": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                order: string;
                /** @description names the resource */
                n: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ParcelView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "prints.label": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                order: string;
                /** @description names the resource */
                n: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "prints.label_zpl": {
        parameters: {
            query?: {
                /** @description narrows the answer */
                dpi?: string;
            };
            header?: never;
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                order: string;
                /** @description names the resource */
                n: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zpl": string;
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "parcels.pack": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                order: string;
                /** @description names the resource */
                n: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PackParcel"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ParcelView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "prints.packing_slip": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                order: string;
                /** @description names the resource */
                n: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "prints.pick_list": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                order: string;
                /** @description names the resource */
                n: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "parcels.release": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                order: string;
                /** @description names the resource */
                n: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ParcelView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "parcels.resume": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                order: string;
                /** @description names the resource */
                n: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ParcelView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "parcels.return": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                order: string;
                /** @description names the resource */
                n: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReceiveReturn"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "parcels.short": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                order: string;
                /** @description names the resource */
                n: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReportShort"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ParcelView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "parcels.split": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                order: string;
                /** @description names the resource */
                n: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SplitParcel"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ParcelView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "plates.read": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                plate: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlateView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "plates.hold": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                plate: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlateView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "prints.plate": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                plate: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "prints.plate_zpl": {
        parameters: {
            query?: {
                /** @description narrows the answer */
                dpi?: string;
            };
            header?: never;
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                plate: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zpl": string;
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "plates.release": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                plate: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlateView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "receipts.list": {
        parameters: {
            query?: {
                /** @description narrows the answer */
                closed?: string;
                /** @description most items, 1 to 200 */
                limit?: number;
                /** @description cursor: `next` of the page before */
                after?: string;
                /** @description wait until the list reflects this journal position */
                min_seq?: number;
            };
            header?: never;
            path: {
                /** @description names the resource */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ReceiptView"][];
                        next: string | null;
                        seq: number;
                    };
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "receipts.read": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                receipt: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReceiptView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "receipts.expect": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                receipt: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExpectReceipt"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReceiptView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "replenishments.add": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddReplenishment"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "floor_returns.list": {
        parameters: {
            query?: {
                /** @description narrows the answer */
                closed?: string;
                /** @description most items, 1 to 200 */
                limit?: number;
                /** @description cursor: `next` of the page before */
                after?: string;
                /** @description wait until the list reflects this journal position */
                min_seq?: number;
            };
            header?: never;
            path: {
                /** @description names the resource */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["FloorReturnView"][];
                        next: string | null;
                        seq: number;
                    };
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "floor_returns.read": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                return: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FloorReturnView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "floor_returns.expect": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                return: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExpectFloorReturn"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FloorReturnView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "floor_returns.close": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                return: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FloorReturnView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "stock.list": {
        parameters: {
            query?: {
                /** @description narrows the answer */
                sku?: string;
                /** @description most items, 1 to 200 */
                limit?: number;
                /** @description cursor: `next` of the page before */
                after?: string;
                /** @description wait until the list reflects this journal position */
                min_seq?: number;
            };
            header?: never;
            path: {
                /** @description names the resource */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["StockView"][];
                        next: string | null;
                        seq: number;
                    };
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "stock.read": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                sku: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StockView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "stock.adjust": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                sku: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AdjustStock"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StockView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "stock.count": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                sku: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CountStock"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StockView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "stock.ledger": {
        parameters: {
            query?: {
                /** @description most items, 1 to 200 */
                limit?: number;
                /** @description cursor: `next` of the page before */
                after?: string;
                /** @description wait until the list reflects this journal position */
                min_seq?: number;
            };
            header?: never;
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                sku: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["MovementView"][];
                        next: string | null;
                        seq: number;
                    };
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "stock.policy": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                sku: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StockPolicy"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StockView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "stock.receive": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                sku: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReceiveStock"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StockView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "tasks.list": {
        parameters: {
            query?: {
                /** @description narrows the answer */
                state?: string;
                /** @description narrows the answer */
                kind?: string;
                /** @description most items, 1 to 200 */
                limit?: number;
                /** @description cursor: `next` of the page before */
                after?: string;
                /** @description wait until the list reflects this journal position */
                min_seq?: number;
            };
            header?: never;
            path: {
                /** @description names the resource */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["TaskView"][];
                        next: string | null;
                        seq: number;
                    };
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "tasks.cancel": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                task: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "tasks.priority": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                task: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetTaskPriority"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "tasks.reassign": {
        parameters: {
            query?: never;
            header: {
                /** @description fresh for a new request, the same for a retry */
                "Idempotency-Key": string;
                /** @description do it only if the resource still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description names the resource */
                code: string;
                /** @description names the resource */
                task: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReassignTask"];
            };
        };
        responses: {
            /** @description the resource */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskView"];
                };
            };
            /** @description why it was not done */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
